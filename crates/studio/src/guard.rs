//! Who is answered: the page itself, and nobody else.
//!
//! | what is looked at | why                                                                              |
//! |-------------------|----------------------------------------------------------------------------------|
//! | `Host`            | a name that was made to resolve to loopback brings its own (DNS rebinding)        |
//! | `Origin`          | a script of another page says where it comes from                                 |
//! | `Sec-Fetch-Site`  | so does whatever another page embeds or opens                                     |
//! | the secret        | another program or user of the machine does not know the address                  |
//! | the type of a body | what a form of another page sends is never JSON                                  |

use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};

use crate::secret::Secret;

/// Where a request says that it comes from.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What is known of the page that is served.
#[derive(Debug)]
pub(crate) struct Guard {
    hosts: Vec<String>,
    secret: Secret,
}

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is addressed to another host.
    Host,
    /// It comes from another page.
    Origin,
    /// It does not know the secret.
    Secret,
    /// There is nothing of that name.
    Path,
    /// What is there is not asked for like that; this is how.
    Method(&'static str),
    /// Its body is not JSON.
    Type,
    /// Its body is too long.
    TooLong,
    /// Its body is not what is asked for.
    Body,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Host | Self::Origin | Self::Secret => StatusCode::FORBIDDEN,
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Type => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body => StatusCode::BAD_REQUEST,
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Host => "this is answered on 127.0.0.1 and localhost alone",
            Self::Origin => "this is answered to its own page alone",
            Self::Secret => {
                "the address lacks the secret of this page; open the address that `tuatara studio` printed"
            }
            Self::Path => "there is nothing here",
            Self::Method(_) => "this is not asked for like that",
            Self::Type => "a body has to be application/json",
            Self::TooLong => "the body is too long",
            Self::Body => "the body is not what is asked for here",
        }
    }
}

impl Guard {
    /// The guard of a page on `port`.
    pub(crate) fn new(port: u16, secret: Secret) -> Self {
        let mut hosts = Vec::new();
        for name in ["127.0.0.1", "localhost"] {
            hosts.push(format!("{name}:{port}"));
            if port == 80 {
                hosts.push(name.to_owned());
            }
        }
        Self { hosts, secret }
    }

    /// What of the page is asked for: the path behind the secret.
    ///
    /// # Errors
    /// The first reason not to answer.
    pub(crate) fn admit<'p>(
        &self,
        method: &Method,
        path: &'p str,
        headers: &HeaderMap,
    ) -> Result<&'p str, Refusal> {
        let one = |name: HeaderName| {
            let mut all = headers.get_all(name).iter();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(Some(only.to_str().unwrap_or_default())),
                (None, _) => Ok(None),
                (Some(_), Some(_)) => Err(()),
            }
        };
        let is_own = |host: &str| self.hosts.iter().any(|own| own == host);
        match one(HOST) {
            Ok(Some(host)) if is_own(host) => {}
            _ => return Err(Refusal::Host),
        }
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        match one(ORIGIN) {
            Ok(None) if is_read => {}
            Ok(Some(origin)) if origin.strip_prefix("http://").is_some_and(is_own) => {}
            _ => return Err(Refusal::Origin),
        }
        // `none` is a person who opens the address.
        match one(SITE) {
            Ok(None | Some("same-origin")) => {}
            Ok(Some("none")) if is_read => {}
            _ => return Err(Refusal::Origin),
        }
        let path = path.strip_prefix('/').unwrap_or(path);
        let (secret, rest) = path.split_once('/').unwrap_or((path, ""));
        if !self.secret.is(secret) {
            return Err(Refusal::Secret);
        }
        if *method == Method::POST {
            let kind = one(CONTENT_TYPE).ok().flatten().unwrap_or_default();
            let kind = kind.split(';').next().unwrap_or_default().trim();
            if !kind.eq_ignore_ascii_case("application/json") {
                return Err(Refusal::Type);
            }
        }
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(
        method: Method,
        path: &str,
        headers: &[(HeaderName, &'static str)],
    ) -> Option<Refusal> {
        let secret = Secret::new().unwrap();
        let path = path.replace("SECRET", secret.as_str());
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.append(name, HeaderValue::from_static(value));
        }
        Guard::new(8080, secret).admit(&method, &path, &all).err()
    }

    const OWN: (HeaderName, &str) = (HOST, "127.0.0.1:8080");
    const JSON: (HeaderName, &str) = (CONTENT_TYPE, "application/json");

    #[test]
    fn a_person_opens_the_page_and_the_page_asks() {
        assert_eq!(asked(Method::GET, "/SECRET/", &[OWN, (SITE, "none")]), None);
        let own = (ORIGIN, "http://127.0.0.1:8080");
        let asks = [OWN, own, (SITE, "same-origin"), JSON];
        assert_eq!(asked(Method::POST, "/SECRET/run", &asks), None);
    }

    #[test]
    fn another_name_for_loopback_is_refused_however_it_was_made_to_resolve() {
        for host in [
            "evil.example:8080",
            "127.0.0.1",
            "127.0.0.1:8081",
            "",
            "127.0.0.1:8080.",
        ] {
            let refused = asked(Method::GET, "/SECRET/", &[(HOST, host)]);
            assert_eq!(refused, Some(Refusal::Host), "{host}");
        }
        assert_eq!(asked(Method::GET, "/SECRET/", &[]), Some(Refusal::Host));
        assert_eq!(
            asked(Method::GET, "/SECRET/", &[OWN, OWN]),
            Some(Refusal::Host)
        );
    }

    #[test]
    fn another_page_is_refused_though_it_knows_the_secret() {
        for origin in [
            "http://evil.example",
            "null",
            "https://127.0.0.1:8080",
            "http://127.0.0.1:80",
        ] {
            let asks = [OWN, (ORIGIN, origin), JSON];
            let refused = asked(Method::POST, "/SECRET/run", &asks);
            assert_eq!(refused, Some(Refusal::Origin), "{origin}");
        }
        let nobody = asked(Method::POST, "/SECRET/run", &[OWN, JSON]);
        assert_eq!(nobody, Some(Refusal::Origin));
        for site in ["cross-site", "same-site"] {
            let refused = asked(Method::GET, "/SECRET/", &[OWN, (SITE, site)]);
            assert_eq!(refused, Some(Refusal::Origin), "{site}");
        }
    }

    #[test]
    fn without_the_secret_there_is_nothing() {
        for path in ["/", "/run", "/SECRETa/", "/x/SECRET/", "//SECRET/", "/%00/"] {
            let refused = asked(Method::GET, path, &[OWN]);
            assert_eq!(refused, Some(Refusal::Secret), "{path}");
        }
    }

    #[test]
    fn what_a_form_sends_is_no_json() {
        let own = (ORIGIN, "http://localhost:8080");
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        ] {
            let refused = asked(
                Method::POST,
                "/SECRET/run",
                &[OWN, own.clone(), (CONTENT_TYPE, kind)],
            );
            assert_eq!(refused, Some(Refusal::Type), "{kind}");
        }
    }
}
