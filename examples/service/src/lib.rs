//! A service that stores what both servers post before it answers: the body as it arrived, and the
//! stored form of the event, or what is wrong with it.

mod handlers;
mod storage;

pub use handlers::app;
pub use storage::{Row, Storage};
