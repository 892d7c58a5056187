//! A subscription in sentences.

use super::{
    AlertScheme, EmailTemplate, Recipients, Routing, SubjectStyle, SubscriptionSpec,
    SuppressionWindow, ValueRoute,
};

impl SubscriptionSpec {
    /// Who is told of what, and of what nobody is, a sentence a line.
    pub fn summary(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let group = self.told(&self.schemes);
        match &self.routing {
            Routing::Everyone => lines.push(format!("every anomaly: {group}")),
            Routing::Values { dimension, routes } => {
                lines.push(format!("every anomaly: {group}"));
                lines.extend(routes.iter().map(|route| {
                    format!("{}: also {}", of(dimension, route), route.to.join(", "))
                }));
            }
            Routing::Users { dimension, routes } => {
                let group = self.recipients.shown();
                let and = if group.is_empty() { "" } else { ", with " };
                lines.extend(routes.iter().map(|route| {
                    let to = route.to.join(", ");
                    let each = if route.to.len() > 1 { " each" } else { "" };
                    format!("{}: EMAIL to {to}{each}{and}{group}", of(dimension, route))
                }));
                lines.push("all others: nobody".to_owned());
            }
            Routing::Slices(routes) => {
                for route in routes {
                    let pairs = route.dimensions.iter();
                    let pairs: Vec<String> = pairs
                        .map(|(name, values)| format!("{name}={}", values.join("|")))
                        .collect();
                    let told = self.told(&route.schemes);
                    lines.push(format!("anomalies of {}: {told}", pairs.join(", ")));
                }
                lines.push(format!("all others: {group}"));
            }
            Routing::Severities(routes) => {
                for route in routes {
                    let named: Vec<String> =
                        route.severities.iter().map(ToString::to_string).collect();
                    let told = self.told(&route.schemes);
                    lines.push(format!("severity {}: {told}", named.join(", ")));
                }
                lines.push(format!("all others: {group}"));
            }
        }
        lines.extend(self.suppressors.iter().map(SuppressionWindow::shown));
        if !self.active {
            lines.push("`active: false`: nobody is told of anything".to_owned());
        }
        lines
    }

    /// The subject of a mail about `metrics` of `datasets`, each listed once and in this order, by
    /// [`SubjectStyle`].
    ///
    /// ```
    /// # use tuatara_spec::subscription::SubscriptionSpec;
    /// # let text = "subscriptionGroupName: shop\napplication: a\nsubscribedDetections: b\n\
    /// #     alertSchemes: { type: EMAIL }\nrecipients: { to: a@b }";
    /// let (shop, _) = SubscriptionSpec::from_yaml(text, "shop.yaml")?;
    /// assert_eq!(shop.subject(&["orders"], &["sales"]), "Thirdeye Alert : shop - orders");
    /// # Ok::<(), tuatara_spec::SpecError>(())
    /// ```
    pub fn subject(&self, metrics: &[&str], datasets: &[&str]) -> String {
        let about = match self.subject_style {
            SubjectStyle::Alerts => &[],
            SubjectStyle::Metrics => metrics,
            SubjectStyle::Datasets => datasets,
        };
        let group = format!("Thirdeye Alert : {}", *self.name);
        match about {
            [] => group,
            about => format!("{group} - {}", about.join(", ")),
        }
    }

    fn told(&self, schemes: &[AlertScheme]) -> String {
        let told: Vec<String> = schemes.iter().map(|scheme| self.one(scheme)).collect();
        told.join("; ")
    }

    fn one(&self, scheme: &AlertScheme) -> String {
        match scheme {
            AlertScheme::Email(email) => {
                let recipients = email.recipients.as_ref().unwrap_or(&self.recipients);
                let shown = recipients.shown();
                let mut told = match shown.is_empty() {
                    true => "EMAIL to nobody".to_owned(),
                    false => format!("EMAIL to {shown}"),
                };
                if let Some(subject) = &email.subject {
                    told += &format!(", subject {subject:?}");
                }
                if email.template == EmailTemplate::EntityGroupBy {
                    told += ", by entity";
                }
                told
            }
            AlertScheme::Jira(jira) => format!("JIRA in {}", jira.project),
            AlertScheme::Iris(iris) => format!("IRIS by {}", iris.plan),
        }
    }
}

fn of(dimension: &str, route: &ValueRoute) -> String {
    format!("anomalies of {dimension}={}", route.value)
}

impl Recipients {
    fn shown(&self) -> String {
        let mut parts = Vec::new();
        for (word, addresses) in [("", &self.to), ("cc ", &self.cc), ("bcc ", &self.bcc)] {
            if !addresses.is_empty() {
                parts.push(format!("{word}{}", addresses.join(", ")));
            }
        }
        parts.join(", ")
    }
}

impl SuppressionWindow {
    fn shown(&self) -> String {
        let (start, end) = (self.interval.start(), self.interval.end());
        let change = self.expected.map_or_else(String::new, |expected| {
            format!(
                ", with a change of {} give or take {}",
                expected.change, expected.deviation
            )
        });
        format!("anomalies that start from {start} to {end}{change}: nobody")
    }
}
