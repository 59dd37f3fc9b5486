//! What the columns of a table are called.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Coordinates along x (0), y (1), z (2).
    Position(usize),
    /// A component of the vector.
    Component(usize),
    /// Which vectors count.
    Validity(Validity),
    /// Faults, where OpenPIV wrote it.
    Flags,
    /// Where no vector was sought, or which count.
    Mask,
    /// As PIVlab writes it: 0 masked, 1 measured, 2 replaced.
    VectorType,
    Other,
}

/// The numbers that mark a vector as good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Validity {
    /// TSI's choice code.
    Positive,
    /// Flags of faults, as OpenPIV writes them.
    Zero,
    /// DaVis's `isValid`.
    NotZero,
}

impl Validity {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Validity::Positive => value > 0.0,
            Validity::Zero => value == 0.0,
            Validity::NotZero => value != 0.0 && !value.is_nan(),
        }
    }

    /// The marks of bad vectors, in words.
    pub fn bad(self, name: &str) -> String {
        match self {
            Validity::Positive => format!("{name} is 0 or less"),
            Validity::Zero => format!("{name} is not 0"),
            Validity::NotZero => format!("{name} is 0"),
        }
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// As it stands, without units, and with `_` for what cannot be typed.
    pub name: String,
    pub units: String,
    pub column: Column,
}

/// Names that are understood, for messages.
pub(super) const KNOWN: &str = "x, y, z or position x, pos_x, Points:0, lon, lat for coordinates; u, v, w or vx, \
     ux, v_x, u_x, velocity_x, x velocity, velocity u, Velocity:0, dx for components; with units as in \"u [m/s]\", \
     in small or capital letters";

const UNITS: [&str; 26] = [
    "m",
    "mm",
    "cm",
    "km",
    "um",
    "µm",
    "μm",
    "nm",
    "in",
    "ft",
    "px",
    "pix",
    "pixel",
    "pixels",
    "m/s",
    "mm/s",
    "cm/s",
    "km/h",
    "ft/s",
    "in/s",
    "px/s",
    "px/frame",
    "px/dt",
    "pixel/s",
    "pixels/frame",
    "pix/dt",
];

/// Reads a head such as `X mm`, `u [px/frame]`, `"Velocity u (m/s)"`.
pub(super) fn title(text: &str) -> Title {
    let (name, units) = name_and_units(text.trim().trim_matches('"').trim());
    let units = if matches!(units, "-" | "1") { "" } else { units };
    let plain = |c: char| if c.is_alphanumeric() || "_+-|/.:".contains(c) { c } else { '_' };
    let tidy: String = name.chars().map(plain).collect();
    Title { name: tidy, units: units.replace(char::is_control, "_"), column: column(name) }
}

/// The units that a cell is, `-` for none.
pub(super) fn bare_units(cell: &str) -> Option<String> {
    let units = cell.trim_matches('"').trim_matches(['[', ']', '(', ')']).trim();
    let none = matches!(units, "-" | "1" | "");
    (none || UNITS.contains(&units)).then(|| if none { String::new() } else { units.into() })
}

fn name_and_units(text: &str) -> (&str, &str) {
    // STAR-CCM+ has letters of unit vectors in brackets.
    let letter = ["[i]", "[j]", "[k]"].into_iter().find_map(|letter| text.find(letter));
    if let Some(at) = letter {
        let (name, rest) = text.split_at(at + 3);
        return (name, name_and_units(rest).1);
    }
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some((name, rest)) = text.split_once(open) {
            let units = rest.split_once(close).map_or(rest, |(units, _)| units);
            return (name.trim(), units.trim());
        }
    }
    match text.rsplit_once(' ') {
        Some((name, units)) if UNITS.contains(&units) => (name.trim(), units),
        _ => (text, ""),
    }
}

fn column(name: &str) -> Column {
    let marks = ['_', '-', ':', '.', ' '];
    let lower = ["[i]", "[j]", "[k]"]
        .into_iter()
        .zip([" 0", " 1", " 2"])
        .fold(name.to_lowercase(), |name, (letter, digit)| name.replace(letter, digit));
    let words: Vec<&str> = lower.split(marks).filter(|word| !word.is_empty()).collect();
    match words.join(" ").as_str() {
        "lon" | "longitude" => return Column::Position(0),
        "lat" | "latitude" => return Column::Position(1),
        "chc" => return Column::Validity(Validity::Positive),
        "flags" | "flag" => return Column::Flags,
        "isvalid" | "is valid" | "valid" | "validity" | "vtkvalidpointmask" => {
            return Column::Validity(Validity::NotZero);
        }
        "mask" => return Column::Mask,
        "vector type" | "typevector" => return Column::VectorType,
        _ => {}
    }
    let words = words.join(" ");
    let position = (0..3).find(|&k| is_position(&words, k)).map(Column::Position);
    let component = || (0..3).find(|&k| is_component(&words, k)).map(Column::Component);
    position.or_else(component).unwrap_or(Column::Other)
}

fn is_position(words: &str, k: usize) -> bool {
    let (axis, digit) = (["x", "y", "z"][k], ["0", "1", "2"][k]);
    const WORDS: [&str; 7] =
        ["", "pos", "position", "coordinate", "coord", "coordinates", "points"];
    words.strip_prefix("points ").is_some_and(|rest| rest == digit)
        || without(words, axis, |rest| WORDS.contains(&rest))
}

fn is_component(words: &str, k: usize) -> bool {
    let (axis, letter, digit) = (["x", "y", "z"][k], ["u", "v", "w"][k], ["0", "1", "2"][k]);
    let velocity = |rest: &str| matches!(rest, "velocity" | "vel");
    let of_axis = |rest: &str| matches!(rest, "u" | "v" | "d" | "displacement" | "vectors");
    // Vx and u_x before v alone: the axis decides.
    if without(words, axis, |rest| velocity(rest) || of_axis(rest)) {
        return true;
    }
    let numbered = words.strip_suffix(digit).map(str::trim_end);
    if numbered.is_some_and(|rest| velocity(rest) || matches!(rest, "u" | "v" | "vectors")) {
        return words.contains(' ');
    }
    words == letter || without(words, letter, |rest| velocity(rest) || rest == "component")
}

/// Whether what is left of words without a letter at their end, or as their first, is something.
fn without(words: &str, letter: &str, is: impl Fn(&str) -> bool) -> bool {
    let end = words.strip_suffix(letter).map(str::trim_end);
    let first = words.strip_prefix(letter).and_then(|rest| rest.strip_prefix(' '));
    end.is_some_and(&is) || first.is_some_and(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_say_what_a_column_holds() {
        let x = Column::Position;
        let u = Column::Component;
        for (text, column, units) in [
            ("\"X mm\"", x(0), "mm"),
            ("y [px]", x(1), "px"),
            ("Points:2", x(2), ""),
            ("x_pos", x(0), ""),
            ("Position Y", x(1), ""),
            ("lon", x(0), ""),
            ("U m/s", u(0), "m/s"),
            ("Velocity v [m/s]", u(1), "m/s"),
            ("Vx", u(0), ""),
            ("v_y (mm/s)", u(1), "mm/s"),
            ("velocity:2", u(2), ""),
            ("z velocity", u(2), ""),
            ("U:0", u(0), ""),
            ("uy", u(1), ""),
            ("vel_x", u(0), ""),
            ("x-coordinate", x(0), ""),
            ("    y-velocity", u(1), ""),
            ("Velocity[j] (m/s)", u(1), "m/s"),
            ("X (m)", x(0), "m"),
            ("Y Coordinate [ m ]", x(1), "m"),
            ("Velocity u [ m s^-1 ]", u(0), "m s^-1"),
            ("Velocity: X (m/s)", u(0), "m/s"),
            ("Velocity_2", u(2), ""),
            ("Points_1", x(1), ""),
            ("CoordinateZ", x(2), ""),
            ("VelocityX", u(0), ""),
            ("CHC", Column::Validity(Validity::Positive), ""),
            ("vtkValidPointMask", Column::Validity(Validity::NotZero), ""),
            ("flags", Column::Flags, ""),
            ("mask", Column::Mask, ""),
            ("isValid", Column::Validity(Validity::NotZero), ""),
            ("vector type [-]", Column::VectorType, ""),
        ] {
            let found = title(text);
            assert_eq!((found.column, &found.units[..]), (column, units), "{text}");
        }
        for text in [
            "vorticity [1/s]",
            "Velocity |V| [m/s]",
            "u2",
            "sig2noise",
            "s2n",
            "uv",
            "max",
            "dudx",
            "Velocity: Magnitude (m/s)",
            "velocity-magnitude",
            "x-vorticity",
            "nodenumber",
            "dx-velocity-dx",
        ] {
            assert_eq!(title(text).column, Column::Other, "{text}");
        }
    }
}
