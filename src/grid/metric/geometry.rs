//! Which geometries there are.

/// Which geometry a metric is that of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Geometry {
    /// Equal cells in flat space.
    Plane,
    /// Cells between uneven coordinates in flat space.
    Rectilinear,
    /// Longitude x and latitude y on a sphere.
    Sphere {
        /// In the unit of lengths.
        radius: f64,
    },
    /// Longitude x, latitude y and height z between two spheres.
    Shell {
        /// Distance from the centre where the height is 0.
        radius: f64,
        /// Whether sizes grow with the height.
        thickness: Thickness,
    },
    /// Lengths and areas as they were given.
    Given,
}

impl Geometry {
    /// Its name in reports and files.
    pub fn name(self) -> &'static str {
        match self {
            Geometry::Plane => "plane",
            Geometry::Rectilinear => "rectilinear",
            Geometry::Sphere { .. } => "sphere",
            Geometry::Shell { .. } => "shell",
            Geometry::Given => "given",
        }
    }

    /// Of a sphere or a shell.
    pub fn radius(self) -> Option<f64> {
        match self {
            Geometry::Sphere { radius } | Geometry::Shell { radius, .. } => Some(radius),
            _ => None,
        }
    }

    /// Of a shell.
    pub fn thickness(self) -> Option<Thickness> {
        match self {
            Geometry::Shell { thickness, .. } => Some(thickness),
            _ => None,
        }
    }
}

/// How the curvature of a shell changes with height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Thickness {
    /// Lengths and areas grow with the distance from the centre.
    #[default]
    Thick,
    /// They are those at the radius, as models of oceans and atmospheres take them.
    Thin,
}

impl Thickness {
    /// Every kind.
    pub const ALL: [Thickness; 2] = [Thickness::Thick, Thickness::Thin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Thickness::Thick => "thick",
            Thickness::Thin => "thin",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Thickness> {
        Thickness::ALL.into_iter().find(|thickness| thickness.name() == name)
    }
}
