//! Templates as they are defined: read, made, validated, compared with sends, rendered.

mod laws;
mod limits;
mod messages;
mod reading;
mod recorded;
mod samples;
mod sends;
mod sent_parts;
mod submission;
