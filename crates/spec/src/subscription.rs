//! Subscriptions: who is told of which anomalies, how, when, and when not.
//!
//! A subscription is read and checked here; nothing is sent. Whoever delivers alerts asks it for
//! the next run of its [`Schedule`], for the [`Routing`] of an anomaly, and whether one of its
//! [suppressors](SuppressionWindow) has it.
//!
//! | key                                                     | says                                  |
//! |---------------------------------------------------------|---------------------------------------|
//! | `subscriptionGroupName`, `application`, `owners`        | whose it is                           |
//! | `subscribedDetections`, `active`, `cron`                | what it is about, and when            |
//! | `alertSchemes`, `recipients`, `fromAddress`             | how it is told, and to whom           |
//! | `emailSubjectStyle`, `referenceLinks`                   | what the message has beside anomalies |
//! | `type`, `dimension`, `dimensionRecipients`, `severityRecipients` | who is told of what          |
//! | `alertSuppressors`                                      | which anomalies are not told          |
//!
//! ```
//! use tuatara_spec::subscription::SubscriptionSpec;
//!
//! let text = "
//! subscriptionGroupName: shop
//! application: orders
//! subscribedDetections: order drops
//! alertSchemes: { type: EMAIL }
//! recipients: { to: oncall@example.com }
//! ";
//! let (shop, _) = SubscriptionSpec::from_yaml(text, "shop.yaml")?;
//! assert_eq!(shop.schedule.to_string(), "0 0/5 * * * ?");
//! assert_eq!(shop.summary(), ["every anomaly: EMAIL to oncall@example.com"]);
//! # Ok::<(), tuatara_spec::SpecError>(())
//! ```

mod doubt;
mod keys;
mod links;
mod read;
mod recipients;
mod routing;
mod scheme;
mod suppressor;
mod words;

use crate::fields::Said;
use crate::tree::{MAX_DEPTH, Node};
use crate::{Code, Diagnosis, Diagnostic, Schedule, Span, Spanned, SpecError};

pub use keys::LEVELS;
pub use links::{ReferenceLink, SubjectStyle};
pub(crate) use recipients::ADDRESS;
pub use recipients::Recipients;
pub use routing::{Routing, SeverityRoute, SliceRoute, ValueRoute};
pub use scheme::{AlertScheme, EmailScheme, EmailTemplate, IrisScheme, JiraScheme};
pub use suppressor::{ExpectedChange, SuppressionWindow};

/// When a subscription without `cron` is delivered: every five minutes.
const EVERY_FIVE_MINUTES: &str = "0 0/5 * * * ? *";

/// A subscription that was read and checked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SubscriptionSpec {
    /// `subscriptionGroupName`.
    pub name: Spanned<String>,
    /// `application`.
    pub application: Spanned<String>,
    /// `subscribedDetections`: names of detections, at least one, each once.
    pub detections: Vec<Spanned<String>>,
    /// `active`; true by default.
    pub active: bool,
    /// `cron`: when anomalies found since the last time are told. Every five minutes by default.
    pub schedule: Schedule,
    /// `alertSchemes`, at least one: how the group is told.
    pub schemes: Vec<AlertScheme>,
    /// `recipients`: whom an `EMAIL` scheme without recipients of its own writes to.
    pub recipients: Recipients,
    /// `fromAddress`: the sender of mails.
    pub from: Option<String>,
    /// `emailSubjectStyle`; metrics by default.
    pub subject_style: SubjectStyle,
    /// `referenceLinks`, in the order written.
    pub links: Vec<ReferenceLink>,
    /// `type` with `dimension`, `dimensionRecipients` or `severityRecipients`.
    pub routing: Routing,
    /// `alertSuppressors`: an anomaly is not told when any of them has it.
    pub suppressors: Vec<SuppressionWindow>,
    /// `owners`, in the order written.
    pub owners: Vec<String>,
}

impl SubscriptionSpec {
    /// Whether `text` is a subscription rather than a detection: it has one of the keys that only
    /// a subscription has, and no `detectionName`. It may be wrong otherwise; text that is no YAML
    /// is neither.
    #[cfg(feature = "yaml")]
    pub fn recognises(text: &str) -> bool {
        const OWN: [&str; 3] = [
            "subscriptionGroupName",
            "subscribedDetections",
            "alertSchemes",
        ];
        let (tree, _) = crate::yaml::read(text);
        tree.is_some_and(|tree| {
            tree.get("detectionName").is_none() && OWN.iter().any(|key| tree.get(key).is_some())
        })
    }

    /// Reads and checks a subscription; `file` is its name, for messages. The second part of the
    /// answer holds warnings and notes.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str, file: &str) -> Result<(Self, Diagnosis), SpecError> {
        let (tree, mut found) = crate::yaml::read(text);
        for said in &mut found {
            if said.code == Code::EmptyDocument {
                said.allowed = Some("a subscription".to_owned());
                said.remedy = Some("begin with `subscriptionGroupName:`".to_owned());
            }
        }
        // What a merge key would have brought is missing below; no need to complain about that.
        let readable = !found.iter().any(|d| d.code == Code::MergeKey);
        Self::read(
            tree.as_ref().filter(|_| readable),
            Said::new(found),
            file,
            text,
        )
    }

    /// Reads and checks a subscription that was built in code. Messages call it `name`, and point
    /// into the text that [`Node::print`] gives.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    pub fn from_tree(tree: &Node, name: &str) -> Result<(Self, Diagnosis), SpecError> {
        if tree.is_deeper_than(MAX_DEPTH) {
            let message = format!("the tree is nested more than {MAX_DEPTH} levels deep");
            let found = Diagnostic::error(Code::TooDeep, Span::NONE, message)
                .allowed(format!("{MAX_DEPTH} levels"))
                .remedy("a subscription needs eight at most");
            return Err(SpecError::Refused(Diagnosis::new(name, "", vec![found])));
        }
        let printed = tree.print();
        Self::read(Some(&printed.tree), Said::default(), name, &printed.text)
    }

    fn read(
        tree: Option<&Node>,
        said: Said,
        file: &str,
        text: &str,
    ) -> Result<(Self, Diagnosis), SpecError> {
        let (spec, found) = read::read(tree, said);
        let diagnosis = Diagnosis::new(file, text, found);
        match spec {
            Some(spec) if !diagnosis.has_errors() => Ok((spec, diagnosis)),
            _ => Err(SpecError::Refused(diagnosis)),
        }
    }
}
