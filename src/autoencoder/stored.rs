//! The network that tensors in a file make.

use super::{Activation, AutoencoderError, Layer, Network};
use std::collections::{BTreeSet, HashMap};

/// Tensors by name with their shapes, and the metadata: what both formats hold.
#[derive(Default)]
pub(super) struct Stored {
    pub tensors: HashMap<String, (Vec<usize>, Vec<f64>)>,
    pub activation: Option<String>,
    pub tied: Option<String>,
}

/// A weight with its shape, and a bias, of which one may be missing.
type Pair = (Option<(Vec<usize>, Vec<f64>)>, Option<(Vec<usize>, Vec<f64>)>);

impl Stored {
    /// Takes the activation that was asked for where the file states none.
    pub fn ask_for(&mut self, activation: Option<&str>) -> Result<(), AutoencoderError> {
        let Some(asked) = activation else { return Ok(()) };
        match &self.activation {
            Some(own) if own != asked => Err(AutoencoderError::Metadata {
                key: "activation",
                found: format!("'{own}' in the file, and '{asked}' was asked for"),
                expected: "the same, or none in the file",
            }),
            _ => {
                self.activation = Some(asked.to_string());
                Ok(())
            }
        }
    }

    /// Checks everything and makes the network.
    pub fn network(mut self) -> Result<Network, AutoencoderError> {
        let tied = self.is_tied()?;
        let stems = stems(self.tensors.keys())?;
        let names = self.activation_names()?;
        let all: Vec<String> = self.tensors.keys().cloned().collect();
        let missing = |tensor: String| {
            let mut found = all.clone();
            found.sort();
            AutoencoderError::MissingTensor { tensor, found }
        };
        if stems.is_empty() {
            return Err(missing("layers.0.weight".into()));
        }
        let (mut layers, mut inputs): (Vec<Layer>, _) = (Vec::new(), None);
        let mut last = None;
        for (k, stem) in stems.iter().enumerate() {
            let (weight, bias) = self.take(stem);
            let Some((shape, weight)) = weight else {
                match bias {
                    Some((_, bias)) if tied && k > 0 && k + 1 == stems.len() => last = Some(bias),
                    _ => return Err(missing(format!("{stem}.weight"))),
                }
                break;
            };
            let rows = shape.first().copied().unwrap_or(0);
            let rows = bias.as_ref().map_or(rows, |(_, bias)| bias.len());
            let columns = inputs.unwrap_or(shape.last().copied().unwrap_or(0));
            check_shape(&format!("{stem}.weight"), &shape, &[rows, columns])?;
            if let Some((shape, _)) = &bias {
                check_shape(&format!("{stem}.bias"), shape, &[rows])?;
            }
            inputs = Some(rows);
            let bias = bias.map_or_else(|| vec![0.0; rows], |(_, bias)| bias);
            layers.push(Layer { weight, bias, inputs: columns });
        }
        // Tied without biases: nothing stands for the last layer.
        let dimension = layers.first().map_or(0, |layer| layer.inputs);
        if tied && last.is_none() && inputs != Some(dimension) {
            last = Some(vec![0.0; dimension]);
        }
        assemble(layers, last, tied, &names)
    }

    fn is_tied(&self) -> Result<bool, AutoencoderError> {
        match self.tied.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(AutoencoderError::Metadata {
                key: "tied",
                found: format!("'{other}'"),
                expected: "'true' or 'false'",
            }),
        }
    }

    fn activation_names(&self) -> Result<Vec<Activation>, AutoencoderError> {
        let Some(names) = &self.activation else {
            return Err(AutoencoderError::Metadata {
                key: "activation",
                found: "missing".to_string(),
                expected: "one name, or one per hidden layer separated by commas",
            });
        };
        names.split(',').map(Activation::from_name).collect()
    }

    fn take(&mut self, stem: &str) -> Pair {
        let mut part = |part: &str| self.tensors.remove(&format!("{stem}.{part}"));
        (part("weight"), part("bias"))
    }
}

/// What stands before `.weight` and `.bias`, in the order of the layers.
fn stems<'a>(names: impl Iterator<Item = &'a String>) -> Result<Vec<String>, AutoencoderError> {
    let mut found = BTreeSet::new();
    for name in names {
        let unexpected = || AutoencoderError::UnexpectedTensor { tensor: name.clone() };
        let stem = name.strip_suffix(".weight").or(name.strip_suffix(".bias"));
        let stem = stem.ok_or_else(unexpected)?;
        let (prefix, number) = stem.rsplit_once('.').unwrap_or(("", stem));
        match number.parse::<usize>() {
            Ok(number) => found.insert((prefix.to_string(), Some(number))),
            // A layer by itself, such as `decoder.weight`.
            Err(_) => found.insert((stem.to_string(), None)),
        };
    }
    let mut prefixes: Vec<String> = found.iter().map(|(prefix, _)| prefix.clone()).collect();
    prefixes.dedup();
    // In alphabetic order the decoder comes first.
    let both = |words: [&str; 2]| prefixes.iter().zip(words).all(|(p, word)| p.contains(word));
    match prefixes.len() {
        0 | 1 => {}
        2 if both(["dec", "enc"]) => prefixes.reverse(),
        2 if both(["enc", "dec"]) => {}
        _ => {
            let odd = odd_one(&found);
            return Err(AutoencoderError::UnexpectedTensor { tensor: odd });
        }
    }
    let of = |prefix: &String| {
        let numbers = found.iter().filter(|(p, _)| p == prefix).map(|(_, number)| *number);
        in_order(prefix, &numbers.collect::<Vec<_>>())
    };
    Ok(prefixes.iter().map(of).collect::<Result<Vec<_>, _>>()?.concat())
}

/// A name of a tensor whose prefix most others do not have.
fn odd_one(found: &BTreeSet<(String, Option<usize>)>) -> String {
    let count = |prefix: &str| found.iter().filter(|(p, _)| p == prefix).count();
    let odd = found.iter().min_by_key(|(prefix, _)| count(prefix)).expect("several prefixes");
    match odd {
        (prefix, Some(number)) => format!("{prefix}.{number}.weight"),
        (prefix, None) => format!("{prefix}.weight"),
    }
}

/// The stems of one prefix, whose numbers are at equal distances: others hint at a lost layer.
fn in_order(prefix: &str, numbers: &[Option<usize>]) -> Result<Vec<String>, AutoencoderError> {
    let stem = |number: usize| match prefix {
        "" => number.to_string(),
        _ => format!("{prefix}.{number}"),
    };
    let given: Vec<usize> = numbers.iter().flatten().copied().collect();
    if given.is_empty() {
        return Ok(vec![prefix.to_string()]);
    }
    if given.len() < numbers.len() {
        return Err(AutoencoderError::UnexpectedTensor { tensor: format!("{prefix}.weight") });
    }
    let step = given.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
    if let Some(pair) = given.windows(2).find(|pair| pair[1] - pair[0] != step) {
        return Err(AutoencoderError::MissingTensor {
            tensor: format!("{}.weight", stem(pair[0] + step)),
            found: given.iter().map(|number| format!("{}.weight", stem(*number))).collect(),
        });
    }
    Ok(given.into_iter().map(stem).collect())
}

/// The network of layers, with the bias of a tied last one, and activations by their names.
fn assemble(
    layers: Vec<Layer>,
    last: Option<Vec<f64>>,
    tied: bool,
    names: &[Activation],
) -> Result<Network, AutoencoderError> {
    let hidden = (layers.len() + usize::from(last.is_some())).saturating_sub(1);
    let (own, output) = match names {
        [one] => (vec![*one; hidden], None),
        [own @ .., output] if own.len() == hidden => (own.to_vec(), Some(*output)),
        all => (all.to_vec(), None),
    };
    let network = match last {
        Some(bias) => Network::tied(layers, bias, own)?,
        None => Network::new(layers, own, tied)?,
    };
    let Some(output) = output.filter(|output| *output != Activation::Linear) else {
        return Ok(network);
    };
    let d = network.dimension();
    let unit = |at: usize| if at.is_multiple_of(d + 1) { 1.0 } else { 0.0 };
    let identity = Layer { weight: (0..d * d).map(unit).collect(), bias: vec![0.0; d], inputs: d };
    let layers = network.layers().iter().cloned().chain([identity]).collect();
    let activations = network.activations().iter().copied().chain([output]).collect();
    Network::new(layers, activations, false)
}

fn check_shape(name: &str, found: &[usize], expected: &[usize]) -> Result<(), AutoencoderError> {
    if found == expected {
        return Ok(());
    }
    Err(AutoencoderError::Shape {
        tensor: name.to_string(),
        expected: expected.to_vec(),
        found: found.to_vec(),
    })
}
