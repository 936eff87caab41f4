//! JSON as it stands in bytes: fields in an order and under a name twice, numbers in any spelling.

use std::fmt;

use serde_json::Value;

/// A JSON text that can be changed in ways that no parsed JSON can.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// Anything, ready to be written.
    Raw(String),
    /// An array.
    Array(Vec<Self>),
    /// An object, as its fields came.
    Object(Vec<(String, Self)>),
}

/// One change to what is within an object or an array.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Something else stands there.
    Replace(Tree),
    /// It is gone.
    Drop,
    /// The field has another name; an element of an array is replaced by the name.
    Rename(String),
    /// The field is there again, with this.
    Repeat(Tree),
    /// All fields or elements stand in the opposite order.
    Reverse,
    /// It is so many arrays, or objects with a field of this name, deeper.
    Nest(usize, Option<String>),
    /// A number becomes a text; the text of a number, or `true`, becomes it; any other text is cut off at its middle.
    Retype,
}

impl Tree {
    /// Puts an object together.
    pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let members = members.into_iter();
        Self::Object(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Raw(Value::from(text).to_string())
    }

    /// The bytes of it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    /// How many values are within it, at any depth.
    pub(crate) fn len(&self) -> usize {
        let children: Vec<&Self> = match self {
            Self::Raw(_) => Vec::new(),
            Self::Array(elements) => elements.iter().collect(),
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
        };
        children.iter().map(|child| 1 + child.len()).sum()
    }

    /// The value of this number, of those within it.
    pub(crate) fn get(&self, mut number: usize) -> Option<&Self> {
        let children: Vec<&Self> = match self {
            Self::Raw(_) => Vec::new(),
            Self::Array(elements) => elements.iter().collect(),
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
        };
        for child in children {
            if number == 0 {
                return Some(child);
            }
            number -= 1;
            let within = child.len();
            if number < within {
                return child.get(number);
            }
            number -= within;
        }
        None
    }

    /// Makes a change at the value of this number, of those within it.
    pub(crate) fn change(&mut self, mut number: usize, change: Change) {
        let mut place = None;
        for (index, child) in self.children_mut().into_iter().enumerate() {
            if number == 0 {
                place = Some(index);
                break;
            }
            number -= 1;
            let within = child.len();
            if number < within {
                return child.change(number, change);
            }
            number -= within;
        }
        let Some(index) = place else { return };
        match self {
            Self::Raw(_) => {}
            Self::Array(elements) => change_element(elements, index, change),
            Self::Object(members) => change_member(members, index, change),
        }
    }

    fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Raw(_) => Vec::new(),
            Self::Array(elements) => elements.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        }
    }

    fn nest(&mut self, depth: usize, name: Option<String>) {
        for _ in 0..depth {
            let inner = std::mem::replace(self, Self::Array(Vec::new()));
            *self = match &name {
                Some(name) => Self::Object(vec![(name.clone(), inner)]),
                None => Self::Array(vec![inner]),
            };
        }
    }

    fn retype(&mut self) {
        let Self::Raw(raw) = self else { return };
        *raw = match serde_json::from_str(raw) {
            Ok(Value::String(text)) => match serde_json::from_str(&text) {
                Ok(Value::Number(_) | Value::Bool(_)) => text,
                _ => {
                    let half: String = text.chars().take(text.chars().count() / 2).collect();
                    Value::from(half).to_string()
                }
            },
            Ok(Value::Number(_) | Value::Bool(_)) => Value::from(raw.as_str()).to_string(),
            _ => return,
        };
    }
}

fn change_element(elements: &mut Vec<Tree>, index: usize, change: Change) {
    match change {
        Change::Replace(value) => elements[index] = value,
        Change::Drop => drop(elements.remove(index)),
        Change::Rename(name) => elements[index] = Tree::text(&name),
        Change::Repeat(value) => elements.insert(index, value),
        Change::Reverse => elements.reverse(),
        Change::Nest(depth, name) => elements[index].nest(depth, name),
        Change::Retype => elements[index].retype(),
    }
}

fn change_member(members: &mut Vec<(String, Tree)>, index: usize, change: Change) {
    match change {
        Change::Replace(value) => members[index].1 = value,
        Change::Drop => drop(members.remove(index)),
        Change::Rename(name) => members[index].0 = name,
        Change::Repeat(value) => {
            let name = members[index].0.clone();
            members.push((name, value));
        }
        Change::Reverse => members.reverse(),
        Change::Nest(depth, name) => members[index].1.nest(depth, name),
        Change::Retype => members[index].1.retype(),
    }
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(elements) => Self::Array(elements.iter().map(Self::from).collect()),
            Value::Object(members) => {
                let members = members.iter();
                Self::Object(
                    members
                        .map(|(name, value)| (name.clone(), value.into()))
                        .collect(),
                )
            }
            leaf => Self::Raw(leaf.to_string()),
        }
    }
}

/// The JSON text.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raw(text) => f.write_str(text),
            Self::Array(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{element}")?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{value}", Value::from(name.as_str()))?;
                }
                f.write_str("}")
            }
        }
    }
}
