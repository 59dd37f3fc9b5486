//! Layers and networks: structure, checks, evaluation at one point.

use super::{Activation, AutoencoderError};

/// An affine map z = W x + b.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// W, row by row: shape (out, in), as torch's `nn.Linear`.
    pub weight: Vec<f64>,
    /// b, of length `out`.
    pub bias: Vec<f64>,
    /// Number of inputs.
    pub inputs: usize,
}

impl Layer {
    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Row l of the weight: the incoming weights of unit l.
    pub fn row(&self, l: usize) -> &[f64] {
        &self.weight[l * self.inputs..][..self.inputs]
    }

    /// W x.
    pub(super) fn times(&self, x: &[f64]) -> Vec<f64> {
        self.weight.chunks(self.inputs).map(|row| dot(row, x)).collect()
    }

    /// Wᵀ y.
    pub(super) fn transposed_times(&self, y: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.inputs];
        for (row, y) in self.weight.chunks(self.inputs).zip(y) {
            sum.iter_mut().zip(row).for_each(|(s, w)| *s += w * y);
        }
        sum
    }

    /// The transposed weight, shape (in, out).
    pub fn transposed_weight(&self) -> Vec<f64> {
        let (rows, columns) = (self.outputs(), self.inputs);
        (0..rows * columns).map(|i| self.weight[i % rows * columns + i / rows]).collect()
    }
}

/// a·b in eight sums side by side: one would wait for every addition.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        (0..8).for_each(|k| sums[k] += a[k] * b[k]);
    }
    sums.iter().sum::<f64>() + rest
}

/// An auto-encoder r: R^D → R^D with m hidden layers,
/// r(x) = W⁽ᵐ⁾ h⁽ᵐ⁾(… W⁽¹⁾ h⁽¹⁾(W⁽⁰⁾ x + b⁽⁰⁾) + b⁽¹⁾ …) + b⁽ᵐ⁾, and the field r(x) − x.
///
/// With one hidden layer and the supplement's letters, r(x) = R h(Wᵀx + b) + c: the columns w_l of
/// W are the rows of `layers()[0]`, and R is the weight of `layers()[1]`.
///
/// ```
/// use hodge::autoencoder::{Activation, Layer, Network};
/// let encoder = Layer { weight: vec![1.0, 0.0, 0.0, 1.0], bias: vec![0.0, 2.0], inputs: 2 };
/// let decoder = Layer { weight: vec![0.0, 1.0, 1.0, 0.0], bias: vec![0.0; 2], inputs: 2 };
/// let network = Network::new(vec![encoder, decoder], vec![Activation::Sigmoid], false)?;
/// let j = network.jacobian(&[0.0, 0.0]);
/// assert!((j[2] - j[1] - 0.14500641).abs() < 1e-7); // ∂r₂/∂x₁ − ∂r₁/∂x₂: not conservative
/// # Ok::<(), hodge::autoencoder::AutoencoderError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    layers: Vec<Layer>,
    activations: Vec<Activation>,
    tied: bool,
}

impl Network {
    /// Checks the layers against each other and makes the network. One activation per hidden layer.
    /// With `tied`, the last weight must be the first transposed; [`Network::tied`] makes it for
    /// you.
    ///
    /// # Errors
    /// On fewer than two layers, shapes that do not follow each other, another number of outputs
    /// than of inputs, a wrong number of activations, and weights that are NaN or infinite.
    pub fn new(
        layers: Vec<Layer>,
        activations: Vec<Activation>,
        tied: bool,
    ) -> Result<Network, AutoencoderError> {
        if layers.len() < 2 {
            return Err(AutoencoderError::TooFewLayers { found: layers.len() });
        }
        if activations.len() != layers.len() - 1 {
            return Err(AutoencoderError::ActivationCount {
                expected: layers.len() - 1,
                found: activations.len(),
            });
        }
        let mut inputs = layers[0].inputs;
        for (k, layer) in layers.iter().enumerate() {
            check_layer(k, layer, inputs)?;
            inputs = layer.outputs();
        }
        if inputs != layers[0].inputs {
            return Err(AutoencoderError::NotAnEndomorphism {
                inputs: layers[0].inputs,
                outputs: inputs,
            });
        }
        let last = layers.len() - 1;
        if tied && layers[last].weight != tied_weight(&layers[0], layers[last].inputs)? {
            return Err(AutoencoderError::NotTied { tensor: weight_name(last) });
        }
        Ok(Network { layers, activations, tied })
    }

    /// A network whose last weight is the first transposed (R = W); `encoder` holds every layer but
    /// the last, `bias` is that of the last.
    ///
    /// # Errors
    /// Those of [`Network::new`].
    pub fn tied(
        encoder: Vec<Layer>,
        bias: Vec<f64>,
        activations: Vec<Activation>,
    ) -> Result<Network, AutoencoderError> {
        let Some(first) = encoder.first() else {
            return Err(AutoencoderError::TooFewLayers { found: 0 });
        };
        let inputs = encoder[encoder.len() - 1].outputs();
        check_layer(0, first, first.inputs)?;
        let weight = tied_weight(first, inputs)?;
        let mut layers = encoder;
        layers.push(Layer { weight, bias, inputs });
        Network::new(layers, activations, true)
    }

    /// D.
    pub fn dimension(&self) -> usize {
        self.layers[0].inputs
    }

    /// The layers, the linear output layer last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The activations of the hidden layers.
    pub fn activations(&self) -> &[Activation] {
        &self.activations
    }

    /// Whether the last weight is the first transposed by construction.
    pub fn is_tied(&self) -> bool {
        self.tied
    }

    /// Number of units of each hidden layer.
    pub fn widths(&self) -> Vec<usize> {
        self.layers[..self.layers.len() - 1].iter().map(Layer::outputs).collect()
    }

    /// Compares a dimension with that of the network; `what` names its owner in the error.
    ///
    /// # Errors
    /// If they differ.
    pub fn check_dimension(
        &self,
        found: usize,
        what: &'static str,
    ) -> Result<(), AutoencoderError> {
        let expected = self.dimension();
        if found == expected {
            return Ok(());
        }
        Err(AutoencoderError::Dimension { expected, found, what })
    }

    /// The potential Φ with ∇Φ = r(x) − x where the global condition holds: one hidden layer and
    /// r_l = e_l w_l for every unit (to `tolerance` relative to the length of R),
    /// Φ = Σ e_l H(w_l·x + b_l) + c·x − |x|²/2. `None` otherwise. Units with w_l = 0 are constant
    /// and enter as part of c.
    pub fn energy(&self, tolerance: f64) -> Option<Energy<'_>> {
        let [encoder, decoder] = &self.layers[..] else { return None };
        let (units, dimension) = (encoder.outputs(), self.dimension());
        let scale = self.diagonal()?;
        let mut constant = decoder.bias.clone();
        let (mut miss, mut total) = (0.0, 0.0);
        for (l, e) in scale.iter().enumerate() {
            let w = encoder.row(l);
            let is_constant = w.iter().all(|w| *w == 0.0);
            for i in 0..dimension {
                let r = decoder.weight[i * units + l];
                total += r * r;
                if is_constant {
                    constant[i] += r * self.value(0, encoder.bias[l]);
                } else {
                    miss += (r - e * w[i]).powi(2);
                }
            }
        }
        // Weights so large that their squares overflow cannot be compared.
        let conservative = total.is_finite() && miss <= tolerance * tolerance * total;
        conservative.then_some(Energy { network: self, scale, constant })
    }

    /// e_l = (r_l·w_l)/|w_l|², the diagonal for which R is closest to W diag(e); 0 of units with
    /// w_l = 0. `None` with more than one hidden layer.
    pub fn diagonal(&self) -> Option<Vec<f64>> {
        let [encoder, decoder] = &self.layers[..] else { return None };
        let units = encoder.outputs();
        let of = |l: usize| {
            let w = encoder.row(l);
            let length: f64 = w.iter().map(|w| w * w).sum();
            let r = |i: usize| decoder.weight[i * units + l];
            let product: f64 = w.iter().enumerate().map(|(i, w)| w * r(i)).sum();
            if length > 0.0 { product / length } else { 0.0 }
        };
        Some((0..units).map(of).collect())
    }

    /// h⁽ᵏ⁾(z).
    fn value(&self, k: usize, z: f64) -> f64 {
        let (mut value, mut slope) = ([0.0], [0.0]);
        self.activations[k].apply(&[z], &mut value, &mut slope);
        value[0]
    }
}

/// The potential of a conservative network; see [`Network::energy`].
#[derive(Clone, Debug)]
pub struct Energy<'a> {
    network: &'a Network,
    scale: Vec<f64>,
    constant: Vec<f64>,
}

impl Energy<'_> {
    /// Φ(x).
    pub fn at(&self, x: &[f64]) -> f64 {
        let encoder = &self.network.layers[0];
        let activation = self.network.activations[0];
        let ridges: f64 = (self.scale.iter().enumerate())
            .map(|(l, e)| {
                let w = encoder.row(l);
                if w.iter().all(|w| *w == 0.0) {
                    return 0.0;
                }
                let z: f64 = encoder.bias[l] + w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
                e * activation.primitive(z)
            })
            .sum();
        let rest = x.iter().zip(&self.constant).map(|(x, c)| x * (c - 0.5 * x)).sum::<f64>();
        ridges + rest
    }
}

/// `layers.K.weight`.
pub(super) fn weight_name(k: usize) -> String {
    format!("layers.{k}.weight")
}

/// `layers.K.bias`.
pub(super) fn bias_name(k: usize) -> String {
    format!("layers.{k}.bias")
}

/// The first weight transposed, as the weight of a last layer with `inputs` inputs.
fn tied_weight(first: &Layer, inputs: usize) -> Result<Vec<f64>, AutoencoderError> {
    if first.outputs() != inputs {
        return Err(AutoencoderError::TiedWidths { first: first.outputs(), last: inputs });
    }
    Ok(first.transposed_weight())
}

fn check_layer(k: usize, layer: &Layer, inputs: usize) -> Result<(), AutoencoderError> {
    let outputs = layer.outputs();
    if layer.inputs != inputs || layer.weight.len() != outputs * inputs || outputs * inputs == 0 {
        return Err(AutoencoderError::Shape {
            tensor: weight_name(k),
            expected: vec![outputs, inputs],
            found: vec![layer.weight.len().checked_div(layer.inputs).unwrap_or(0), layer.inputs],
        });
    }
    for (name, values) in [(weight_name(k), &layer.weight), (bias_name(k), &layer.bias)] {
        if let Some(index) = values.iter().position(|v| !v.is_finite()) {
            let count = values.iter().filter(|v| !v.is_finite()).count();
            return Err(AutoencoderError::NotFinite { tensor: name, count, index });
        }
    }
    Ok(())
}
