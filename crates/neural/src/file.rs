//! Models as files: safetensors with a header of ours. Data alone, checked when it is read.
//!
//! | tensor                                       | shape              |
//! |----------------------------------------------|--------------------|
//! | `forecaster.N.weight`, `forecaster.N.bias`   | `[outputs, inputs]`, `[outputs]` of layer N |
//! | `classifier.N.weight`, `classifier.N.bias`   | the same           |
//! | `classifier.typical`                         | `[inputs]`: the mean of each input over normal values |
//! | `calibration.edges`, `calibration.factors`   | `[n]`, `[n + 1]`   |
//!
//! All are F32. The header says `format: tuatara-neural`, `version: 1`, the `threshold` and the
//! [card](Card). The same model gives the same bytes.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use safetensors::{Dtype, SafeTensors};

use crate::activation::Activation;
use crate::calibration::Calibration;
use crate::card::Card;
use crate::classifier::{self, Classifier};
use crate::dense::{Dense, Mlp};
use crate::error::{NeuralError, Result};
use crate::forecaster::{self, Forecaster};
use crate::model::Model;

/// What the header of a model of ours says under `format`.
pub const FORMAT: &str = "tuatara-neural";
/// The newest version of the format that is read here.
pub const VERSION: u32 = 1;

/// The most bytes that a file has: far more than any network of so few layers needs.
const MOST_BYTES: u64 = 64 << 20;
/// The most layers that a network has in a file.
const MOST_LAYERS: usize = 16;

impl Model {
    /// Reads the model in the file at `path`.
    ///
    /// # Errors
    /// [`NeuralError::Read`] where there is no such file, or it has more than 64 MiB, and those of [`from_bytes`](Self::from_bytes).
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refused = |why: String| NeuralError::Read {
            path: path.display().to_string(),
            why,
        };
        let failed = |error: std::io::Error| refused(error.to_string());
        // Asked first: to open a pipe would wait for whoever writes into it.
        if !std::fs::metadata(path).map_err(failed)?.is_file() {
            return Err(refused("it is no file".to_owned()));
        }
        let file = std::fs::File::open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        let mut part = file.take(MOST_BYTES + 1);
        part.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST_BYTES {
            let most = MOST_BYTES >> 20;
            return Err(refused(format!(
                "it has more than {most} MiB, and no model has"
            )));
        }
        Self::from_bytes(&bytes)
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`NeuralError::Damaged`] where the bytes are no safetensors file or not all of it,
    /// [`NeuralError::Foreign`] where it is none of ours, [`NeuralError::Newer`] where a later release
    /// wrote it, [`NeuralError::Header`], [`NeuralError::Tensor`], [`NeuralError::Shape`] and
    /// [`NeuralError::NotFinite`] where a part of it cannot be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let damaged = |error: safetensors::SafeTensorError| NeuralError::Damaged {
            why: error.to_string(),
        };
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let empty = HashMap::new();
        let header = Header(metadata.metadata().as_ref().unwrap_or(&empty));
        header.check_format()?;
        let file = File { tensors };
        let forecaster = file.network("forecaster", forecaster::INPUTS, None)?;
        let classifier = file.network("classifier", classifier::INPUTS, Some(1))?;
        let card = header.card()?;
        // The centre, and a step for each level above the median; the others are their mirror.
        let levels = card.quantiles.iter().filter(|&&level| level > 0.5);
        let outputs = 1 + levels.count();
        if outputs < 2 || forecaster.outputs() != outputs {
            return Err(NeuralError::Tensor {
                tensor: "the last of forecaster.N.weight".to_owned(),
                problem: format!(
                    "has {} outputs where the quantiles of the header ask for {outputs}, and for 2 at \
                     least",
                    forecaster.outputs()
                ),
            });
        }
        let typical = file.numbers("classifier.typical", &[classifier::INPUTS])?;
        let factors = file.vector("calibration.factors")?;
        let edges = file.vector("calibration.edges")?;
        let calibration = Calibration::new(edges, factors).ok_or_else(|| NeuralError::Tensor {
            tensor: "calibration.factors".to_owned(),
            problem: "is not one number above 0 more than there are growing edges".to_owned(),
        })?;
        let threshold: f64 = header.number("threshold")?;
        if !(threshold > 0.0 && threshold < 1.0) {
            return Err(header.refused("threshold", "a number in (0, 1)"));
        }
        Ok(Self {
            forecaster: Forecaster::new(forecaster),
            classifier: Classifier::new(classifier, typical),
            calibration,
            threshold,
            card,
        })
    }

    /// The bytes of a file that [`from_bytes`](Self::from_bytes) reads.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<f32>)> = Vec::new();
        let networks = [
            ("forecaster", self.forecaster.network()),
            ("classifier", self.classifier.network()),
        ];
        for (name, network) in networks {
            for (at, layer) in network.layers().iter().enumerate() {
                let shape = vec![layer.outputs(), layer.inputs()];
                tensors.push((format!("{name}.{at}.weight"), shape, layer.by_output()));
                let bias = layer.bias().to_vec();
                tensors.push((format!("{name}.{at}.bias"), vec![bias.len()], bias));
            }
        }
        for (name, numbers) in [
            ("classifier.typical", self.classifier.typical()),
            ("calibration.edges", self.calibration.edges()),
            ("calibration.factors", self.calibration.factors()),
        ] {
            tensors.push((name.to_owned(), vec![numbers.len()], numbers.to_vec()));
        }
        let metadata: Vec<String> = said(self)
            .iter()
            .map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)))
            .collect();
        let mut entries = vec![format!("\"__metadata__\":{{{}}}", metadata.join(","))];
        let mut data = Vec::new();
        for (name, shape, numbers) in tensors {
            let start = data.len();
            for number in numbers {
                data.extend_from_slice(&number.to_le_bytes());
            }
            entries.push(format!(
                "{}:{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{start},{}]}}",
                quoted(&name),
                data.len()
            ));
        }
        let mut text = format!("{{{}}}", entries.join(",")).into_bytes();
        // The numbers begin at a multiple of eight bytes.
        while !text.len().is_multiple_of(8) {
            text.push(b' ');
        }
        let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
        bytes.extend(text);
        bytes.extend(data);
        bytes
    }
}

/// `text` as JSON has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// What the header of a model says.
fn said(model: &Model) -> BTreeMap<String, String> {
    let card = &model.card;
    let list = |items: Vec<String>| items.join(" ");
    let mut said = BTreeMap::new();
    let mut say = |key: &str, value: String| said.insert(key.to_owned(), value);
    say("format", FORMAT.to_owned());
    say("version", VERSION.to_string());
    say("threshold", model.threshold.to_string());
    say("name", card.name.clone());
    say("granularities", card.granularities.join(" "));
    say(
        "periods",
        list(card.periods.iter().map(u32::to_string).collect()),
    );
    say(
        "quantiles",
        list(card.quantiles.iter().map(f64::to_string).collect()),
    );
    say("seed", card.seed.to_string());
    say("generator", card.generator.clone());
    say("trained by", card.trained_by.clone());
    for (at, (what, figure)) in card.validation.iter().enumerate() {
        say(&format!("validation {at:02}"), format!("{what}: {figure}"));
    }
    said
}

/// The text entries of a file.
struct Header<'a>(&'a HashMap<String, String>);

impl Header<'_> {
    fn check_format(&self) -> Result<()> {
        let format = self.0.get("format").map_or("", String::as_str);
        if format != FORMAT {
            return Err(NeuralError::Foreign {
                found: format.to_owned(),
            });
        }
        let version: u32 = self.number("version")?;
        if version > VERSION {
            return Err(NeuralError::Newer {
                version,
                known: VERSION,
            });
        }
        Ok(())
    }

    fn text(&self, key: &'static str) -> Result<&str> {
        self.0
            .get(key)
            .map(String::as_str)
            .ok_or_else(|| self.refused(key, "there"))
    }

    fn refused(&self, key: &'static str, allowed: &'static str) -> NeuralError {
        NeuralError::Header {
            key,
            value: self.0.get(key).cloned().unwrap_or_default(),
            allowed,
        }
    }

    fn number<T: std::str::FromStr>(&self, key: &'static str) -> Result<T> {
        let number = self.text(key)?.parse();
        number.map_err(|_| self.refused(key, "a number"))
    }

    fn numbers<T: std::str::FromStr>(&self, key: &'static str) -> Result<Vec<T>> {
        let words = self.text(key)?.split_whitespace();
        let numbers: std::result::Result<_, _> = words.map(str::parse).collect();
        numbers.map_err(|_| self.refused(key, "numbers with spaces between them"))
    }

    fn card(&self) -> Result<Card> {
        let mut validation: Vec<(&String, &String)> = self
            .0
            .iter()
            .filter(|(key, _)| key.starts_with("validation "))
            .collect();
        validation.sort();
        let figure = |(_, text): (&String, &String)| {
            let (what, figure) = text.rsplit_once(": ")?;
            Some((what.to_owned(), figure.parse().ok()?))
        };
        let words = self.text("granularities")?.split_whitespace();
        Ok(Card {
            name: self.text("name")?.to_owned(),
            granularities: words.map(str::to_owned).collect(),
            periods: self.numbers("periods")?,
            quantiles: self.numbers("quantiles")?,
            seed: self.number("seed")?,
            generator: self.text("generator")?.to_owned(),
            trained_by: self.text("trained by")?.to_owned(),
            validation: validation.into_iter().filter_map(figure).collect(),
        })
    }
}

struct File<'a> {
    tensors: SafeTensors<'a>,
}

impl File<'_> {
    /// The numbers of a tensor and its shape.
    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        let refused = |problem: String| NeuralError::Tensor {
            tensor: name.to_owned(),
            problem,
        };
        let view = self.tensors.tensor(name);
        let view = view.map_err(|_| refused("is missing".to_owned()))?;
        if view.dtype() != Dtype::F32 {
            return Err(refused(format!("is of {:?}, not F32", view.dtype())));
        }
        let numbers = view.data().chunks_exact(4);
        let numbers = numbers.map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        Ok((view.shape().to_vec(), numbers.collect()))
    }

    fn vector(&self, name: &str) -> Result<Vec<f32>> {
        let (shape, numbers) = self.tensor(name)?;
        if shape.len() != 1 {
            return Err(NeuralError::Tensor {
                tensor: name.to_owned(),
                problem: format!("has the shape {shape:?}, not one dimension"),
            });
        }
        let bad = numbers.iter().position(|number| !number.is_finite());
        match bad {
            None => Ok(numbers),
            Some(index) => Err(NeuralError::NotFinite {
                layer: name.to_owned(),
                index,
                value: numbers[index],
            }),
        }
    }

    fn numbers(&self, name: &str, wanted: &[usize]) -> Result<Vec<f32>> {
        let (shape, _) = self.tensor(name)?;
        if shape != wanted {
            return Err(NeuralError::Tensor {
                tensor: name.to_owned(),
                problem: format!("has the shape {shape:?}, not {wanted:?}"),
            });
        }
        self.vector(name)
    }

    /// The layers of a network from `inputs` numbers to `outputs`, if it is given: relu between
    /// them.
    fn network(&self, name: &str, inputs: usize, outputs: Option<usize>) -> Result<Mlp> {
        let weight = |at: usize| format!("{name}.{at}.weight");
        let count = (0..MOST_LAYERS)
            .take_while(|&at| self.tensors.tensor(&weight(at)).is_ok())
            .count();
        if self.tensors.tensor(&weight(MOST_LAYERS)).is_ok() {
            return Err(NeuralError::Tensor {
                tensor: weight(MOST_LAYERS),
                problem: format!("is one layer too many: a network has {MOST_LAYERS} at most"),
            });
        }
        let mut layers: Vec<Dense> = Vec::with_capacity(count);
        let mut width = inputs;
        for at in 0..count.max(1) {
            let (shape, weights) = self.tensor(&weight(at))?;
            let wanted = if at + 1 == count { outputs } else { None };
            let fits = shape.len() == 2
                && shape[1] == width
                && shape[0] > 0
                && wanted.is_none_or(|wanted| wanted == shape[0]);
            if !fits {
                let outputs = wanted.map_or("any".to_owned(), |wanted| wanted.to_string());
                return Err(NeuralError::Tensor {
                    tensor: weight(at),
                    problem: format!("has the shape {shape:?}, not [{outputs}, {width}]"),
                });
            }
            let bias = self.numbers(&format!("{name}.{at}.bias"), &shape[..1])?;
            let activation = match at + 1 == count {
                true => Activation::Linear,
                false => Activation::Relu,
            };
            let layer = Dense::new(
                &format!("{name}.{at}"),
                [shape[0], width],
                &weights,
                &bias,
                activation,
            )?;
            width = shape[0];
            layers.push(layer);
        }
        Ok(Mlp::new(layers))
    }
}
