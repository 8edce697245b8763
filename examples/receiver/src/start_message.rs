//! The message box that greets each session of ISL Light.

use std::env;

use anyhow::{Context as _, anyhow};
use isl_volano::Family;
use isl_volano::isl_light::{DatabaseId, Event, Module, Reply, Secret};
use tracing::warn;

use crate::record::Record;

/// The environment variable with the database secret of ISL's server. It is not an option, because
/// all users of the machine can see options.
const SECRET: &str = "RECEIVER_ISL_SECRET";

/// The response to a START. Its `Debug` does not show the secret.
#[derive(Debug)]
pub(crate) struct StartMessage {
    secret: Secret<'static>,
    text: String,
}

impl StartMessage {
    /// Reads the secret from the environment, and checks that the secret and the text can be written.
    pub(crate) fn new(text: &str) -> anyhow::Result<Self> {
        let secret = env::var(SECRET).ok().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or_else(|| {
            anyhow!("--start-message needs the database secret of ISL's server in {SECRET}")
        })?;
        let message = StartMessage {
            secret: Secret::from(secret),
            text: text.to_owned(),
        };
        message
            .reply("s1_1_1")
            .with_context(|| format!("--start-message or {SECRET} cannot be sent"))?;
        Ok(message)
    }

    /// Returns the response that replaces the acknowledgement, if the event is a START.
    pub(crate) fn answer(&self, record: &Record) -> Option<String> {
        let is_start = record.family == Family::IslLight
            && record.module.as_deref() == Some(Module::IslLight.as_str())
            && record.event.as_deref() == Some(Event::Start.as_str());
        let session = record
            .session
            .as_deref()
            .filter(|id| is_start && !id.is_empty())?;
        self.reply(session)
            .inspect_err(|error| warn!("cannot send the message of --start-message: {error}"))
            .ok()
    }

    fn reply(&self, session: &str) -> Result<String, isl_volano::Error> {
        let reply = Reply::MessageBox {
            secret: self.secret.clone(),
            session: DatabaseId::new(session),
            text: (&*self.text).into(),
        };
        reply.to_xml()
    }
}
