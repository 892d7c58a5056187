//! A detector, filter or labeler: its name, type and parameters.

use tuatara_core::BuildContext;

use super::{ComponentSpec, Level, Reading};
use crate::diagnostic::quote;
use crate::fields::Fields;
use crate::registry::Kind;
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Span, Spanned};

impl Reading<'_> {
    /// The component, or nothing if there was an error in it. `at` is the key of its list.
    pub(super) fn component(
        &mut self,
        (kind, level): (Kind, &'static Level),
        item: &Node,
        at: Span,
    ) -> Option<ComponentSpec> {
        let before = self.said.errors();
        let fields = self.said.fields(level, item, at)?;
        let name =
            self.said
                .required_text(&fields, "name", "add `name:`, unique in this configuration");
        if let Some(name) = &name {
            self.claim(name);
        }
        let type_name = self.said.required_text(
            &fields,
            "type",
            &format!("add `type:` with the type of the {kind}"),
        );
        let params = self.params(&fields);
        let settings = self.settings(kind, &fields, &params);
        let delay = match kind {
            Kind::Detector => self.windows(&fields),
            Kind::Filter | Kind::Labeler => None,
        };

        let type_name = type_name?;
        let context = BuildContext::new(name.as_deref().map_or("", String::as_str));
        let component = match self
            .registry
            .build(kind, &type_name, &settings.rest, &context)
        {
            Ok(built) => Some(built),
            Err(found) => {
                found
                    .into_iter()
                    .for_each(|diagnostic| self.said.say(diagnostic));
                None
            }
        };
        let canonical = self.registry.canonical(&type_name).unwrap_or_default();
        self.note_duration_filter(canonical, &type_name, &settings.rest);
        // What an error hides is not to be doubted as well.
        if self.said.errors() > before {
            return None;
        }
        let (component, warnings) = component?;
        for warning in warnings {
            self.said.say(warning);
        }
        Some(ComponentSpec {
            name: name?,
            type_name: Spanned::new(canonical.to_owned(), type_name.span),
            zone: settings.zone,
            monitoring: settings.monitoring,
            delay,
            component,
        })
    }

    /// Says so if the name is taken.
    fn claim(&mut self, name: &Spanned<String>) {
        if let Some(&first) = self.names.get(&name.value) {
            let message = format!(
                "the name {} is taken, first on line {}",
                quote(name),
                first.line()
            );
            self.said.say(
                Diagnostic::error(Code::DuplicateName, name.span, message)
                    .related(first, "first used here")
                    .allowed("names that are unique in the whole configuration")
                    .remedy("give one of the two another name"),
            );
            return;
        }
        self.names.insert(name.value.clone(), name.span);
    }

    /// `params`, which may be left out.
    fn params(&mut self, fields: &Fields<'_>) -> Node {
        let nothing = Node::mapping::<String>([]);
        let Some((_, node)) = fields.get("params") else {
            return nothing;
        };
        match &node.value {
            Value::Mapping(_) => node.clone(),
            _ if node.is_null() => nothing,
            _ => {
                let message = format!("`params` is {}, but a mapping is meant", node.describe());
                self.said.say(
                    Diagnostic::error(Code::WrongType, node.span, message)
                        .allowed("a mapping of `parameter: value`")
                        .remedy("write each parameter on a line of its own, without `- `"),
                );
                nothing
            }
        }
    }
}
