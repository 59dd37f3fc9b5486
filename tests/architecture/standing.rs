//! What the design says must exist, and stands: each in its room and nowhere else.

use crate::rooms;
use std::fs;
use std::path::Path;

/// Fails unless a definition stands once in the source, in that room.
fn stands_once(room: &str, definition: &str) {
    let mut found = Vec::new();
    for (other, files) in rooms() {
        for (path, code) in files {
            let times = code.lines().filter(|line| line.trim_start().starts_with(definition));
            found.extend(times.map(|_| (other.clone(), path.clone())));
        }
    }
    assert!(matches!(&found[..], [(only, _)] if only == room), "{definition}: {found:?}");
}

macro_rules! stands {
    ($($name:ident: $room:literal $($definition:literal)+;)*) => {
        $(#[test]
        fn $name() {
            $(stands_once($room, $definition);)+
        })*
    };
}

stands! {
    memory_at_hand: "machine" "pub fn ensure_memory(";
    buffers_that_are_reused: "machine" "pub(crate) struct Pool<";
    where_values_sit: "grid" "pub struct Location(";
    cells_that_take_part: "grid" "pub struct Domain<";
    measures_and_distances_of_faces: "grid" "pub struct Metric<";
    cells_on_the_two_sides_of_a_face: "grid" "pub fn cells_beside(" "pub fn faces_beside(" "pub(crate) fn neighbours(";
    bodies_for_two_and_three_dimensions: "grid" "pub(crate) fn in_two_or_three<";
    one_largest_magnitude: "field" "pub(crate) fn magnitude(" "pub(crate) fn largest_of(";
    one_table_of_conditions: "boundary" "pub fn basis(topology";
    ways_from_faces_to_points: "field" "pub enum Way ";
    transforms_along_axes: "transform" "pub struct RealTransform<";
    one_difference: "operator" "pub fn add_difference<";
    one_stencil: "operator" "pub struct Stencil<" "pub fn sides(";
    density_as_a_metric: "operator" "pub fn with_density<";
    matrices_of_the_calculus: "operator" "pub struct Exterior<";
    one_null_space: "poisson" "pub struct NullSpace";
    back_ends: "poisson" "pub struct Cholesky<" "pub struct Multigrid<" "pub struct Transform<";
    fused_projections: "projection" "pub struct LerayProjection<" "pub struct MacProjection<";
    methods_behind_one_trait: "decomposition" "pub trait Decompose<" "pub fn decompose<";
    sources_as_samples: "source" "pub trait Source<" "pub trait Series<" "pub struct Sample<";
    numbers_of_a_decomposition: "diagnostic" "pub fn measure<" "pub struct Report ";
    networks_with_jacobians: "autoencoder" "pub struct Network " "pub struct Conservativeness ";
    studies_with_claims: "validation" "pub struct Study<" "pub enum Claim ";
    sinks: "output" "pub struct ResultFile " "pub struct Record<" "pub struct Picture ";
    the_loop_over_fields: "batch" "pub struct Batch<" "pub trait Observer ";
    arguments: "cli" "pub struct Arguments ";
}

/// Line, tile, pencil, slab and strip are words of the transforms and the projections alone.
#[test]
fn the_drawing_of_the_sweeps_defines_its_words() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/projection/README.md");
    let text = fs::read_to_string(readme).unwrap();
    let drawing: String = text.split("```").nth(1).unwrap_or_default().into();
    for word in ["line", "tile", "pencil", "slab", "strip"] {
        assert!(drawing.contains(word), "the drawing says what a {word} is");
    }
}
