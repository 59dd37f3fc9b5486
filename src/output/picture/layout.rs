//! Where the panels of a picture go.

/// A rectangle in pixels: left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Frames of all panels, of the colour bar, and the size of the picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    pub panels: Vec<Frame>,
    pub bar: Frame,
    pub size: (u32, u32),
}

/// Width of a picture at least, in pixels.
const WIDTH: f64 = 1600.0;
/// Room beside a panel for the numbers of its y axis, and beneath for those of its x axis.
const LEFT: f64 = 66.0;
const BELOW: f64 = 50.0;
/// Room above a panel for its title, above all for the headline, at the right for the colour bar.
const ABOVE: f64 = 34.0;
const HEADLINE: f64 = 46.0;
const RIGHT: f64 = 104.0;
const GAP: f64 = 14.0;

/// Panels of width over height `aspect` in one row, or in two when they are wide.
pub(super) fn plan(count: usize, aspect: f64) -> Plan {
    let columns = match count {
        0..=3 => count.max(1),
        4 if aspect < 1.55 => 4,
        4 => 2,
        _ => count.div_ceil(count.div_ceil(4)),
    };
    let rows = count.div_ceil(columns);
    let room = (WIDTH - RIGHT - columns as f64 * (LEFT + GAP)) / columns as f64;
    let tallest = if rows == 1 { 720.0 } else { 460.0 };
    let height = (room / aspect).min(tallest).round();
    let width = (height * aspect).round();
    let cell = (width + LEFT + GAP, ABOVE + height + BELOW);
    let frame = |k: usize| Frame {
        left: LEFT + (k % columns) as f64 * cell.0,
        top: HEADLINE + ABOVE + (k / columns) as f64 * cell.1,
        width,
        height,
    };
    let right = columns as f64 * cell.0;
    let bar = Frame {
        left: right + 10.0,
        top: HEADLINE + ABOVE,
        width: 18.0,
        height: (rows - 1) as f64 * cell.1 + height,
    };
    let size = (right + RIGHT, HEADLINE + rows as f64 * cell.1);
    Plan { panels: (0..count).map(frame).collect(), bar, size: (size.0 as u32, size.1 as u32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_square_panels_stand_in_a_row_and_wide_ones_two_by_two() {
        let square = plan(4, 1.0);
        assert!(square.panels.iter().all(|p| p.top == square.panels[0].top));
        assert!(square.size.0 <= 1600 && square.size.1 < 520, "{:?}", square.size);
        let wide = plan(4, 2.0);
        assert!(
            wide.panels[2].top > wide.panels[0].top && wide.panels[2].left == wide.panels[0].left
        );
        for p in &wide.panels {
            assert!(p.left + p.width < wide.bar.left && p.top + p.height < f64::from(wide.size.1));
        }
    }
}
