//! The handlers of requests.

pub(crate) mod callback;
pub(crate) mod isl_light;
pub(crate) mod page;
pub(crate) mod status;
pub(crate) mod volano_chat;
