//! Where the panels of a picture go.

/// A rectangle in units of the layout, which are pixels of a picture in its usual size: left, top,
/// width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Frame {
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    fn moved(self, (x, y): (f64, f64)) -> Frame {
        Frame { left: self.left + x, top: self.top + y, ..self }
    }
}

/// Frames of all panels, of the colour bar, and the size of the picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageLayout {
    pub panels: Vec<Frame>,
    pub bar: Frame,
    pub size: (f64, f64),
}

impl PageLayout {
    /// The same elsewhere.
    pub fn moved(self, by: (f64, f64)) -> PageLayout {
        let panels = self.panels.into_iter().map(|frame| frame.moved(by)).collect();
        PageLayout { panels, bar: self.bar.moved(by), size: self.size }
    }
}

/// Width of a picture, unless tall panels need less.
pub(super) const WIDTH: f64 = 1600.0;
/// Room beside a panel for the numbers of its y axis, and beneath for those of its x axis.
const LEFT: f64 = 76.0;
const BELOW: f64 = 50.0;
/// Room above a panel for two lines of title, above all for the headline, at the right for the
/// colour bar.
const ABOVE: f64 = 48.0;
pub(super) const HEADLINE: f64 = 44.0;
const RIGHT: f64 = 104.0;
const GAP: f64 = 14.0;

/// Panels of width over height `aspect` in one row, or in two when they are wide, on a page of that width.
pub(super) fn plan(count: usize, aspect: f64, page: f64) -> PageLayout {
    let columns = match count {
        0..=3 => count.max(1),
        4 if aspect < 1.55 => 4,
        4 => 2,
        _ => count.div_ceil(count.div_ceil(4)),
    };
    let rows = count.div_ceil(columns);
    let room = ((page - RIGHT) / columns as f64 - LEFT - GAP).floor();
    let tallest = if rows == 1 { 720.0 } else { 460.0 };
    let height = (room / aspect).min(tallest).round();
    let fills = height < tallest;
    let width = if fills { room } else { (height * aspect).round() };
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
    let whole = if fills { page } else { right + RIGHT };
    let size = (whole, HEADLINE + rows as f64 * cell.1);
    PageLayout { panels: (0..count).map(frame).collect(), bar, size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_square_panels_stand_in_a_row_and_wide_ones_two_by_two() {
        let square = plan(4, 1.0, WIDTH);
        assert!(square.panels.iter().all(|p| p.top == square.panels[0].top));
        assert!(square.size.0 == 1600.0 && square.size.1 < 520.0, "{:?}", square.size);
        let wide = plan(4, 2.0, WIDTH);
        assert!(
            wide.panels[2].top > wide.panels[0].top && wide.panels[2].left == wide.panels[0].left
        );
        for plan in [
            wide,
            square,
            plan(3, 0.4, 900.0),
            plan(2, 1.0, WIDTH),
            plan(1, 3.0, 560.0),
            plan(9, 1.0, WIDTH),
        ] {
            for p in &plan.panels {
                assert!(p.right() < plan.bar.left && p.bottom() < plan.size.1, "{plan:?}");
            }
            assert!(plan.bar.right() + 70.0 < plan.size.0, "{plan:?}");
        }
    }
}
