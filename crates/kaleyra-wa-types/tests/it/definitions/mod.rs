//! Templates as they are defined: read, made, validated, compared with sends, rendered.

mod limits;
mod messages;
mod reading;
mod samples;
mod sends;
mod sent_parts;
