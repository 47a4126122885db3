//! Where a policy document wants one text or a list of texts: a list.

use std::sync::{Arc, LazyLock};

use super::CallContext;
use super::iam::broken;
use crate::value::{Item, List as Elements, Open, Shape, Trap, Value, display};

/// The empty list: most of a statement's are.
pub(super) fn none() -> Value {
    static NONE: LazyLock<Arc<Elements>> = LazyLock::new(Arc::default);
    Value::List(Arc::clone(&NONE))
}

/// One text or a list of them, as a list. Of conditions, numbers and truth values are their text, too.
pub(super) fn texts(
    ctx: &mut dyn CallContext,
    value: &Value,
    scalars: bool,
) -> Result<Value, Trap> {
    let list = match ctx.read(value)? {
        Value::Absent => return Ok(none()),
        Value::List(list) => {
            ctx.pay(list.items.len() as u64)?;
            if all_texts(list) {
                list.items.iter().try_for_each(|item| ctx.read(&item.value).map(drop))?;
                return Ok(Value::List(Arc::clone(list)));
            }
            let mut items = Vec::with_capacity(list.items.len());
            for item in &list.items {
                items.push(Item { value: text(ctx, &item.value, scalars)?, maybe: item.maybe });
            }
            Elements { items, open: list.open.clone() }
        }
        Value::Open(open) if !is_one_text(open) => {
            Elements { items: Vec::new(), open: Some(open.cause.clone()) }
        }
        _ => {
            let value = text(ctx, value, scalars)?;
            Elements { items: vec![Item { value, maybe: false }], open: None }
        }
    };
    Ok(Value::List(Arc::new(list)))
}

/// Whether the list is one of texts as it stands.
fn all_texts(list: &Elements) -> bool {
    let is_text = |item: &Item| matches!(item.value.plain(), Value::Text(_) | Value::Open(_));
    list.items.iter().all(is_text)
}

fn is_one_text(open: &Open) -> bool {
    open.present && matches!(open.shape, Shape::Text(_) | Shape::Symbol(_))
}

fn text(ctx: &mut dyn CallContext, value: &Value, scalars: bool) -> Result<Value, Trap> {
    Ok(match ctx.read(value)? {
        Value::Text(_) | Value::Open(_) => value.clone(),
        other @ (Value::Bool(_) | Value::Int(_) | Value::Float(_)) if scalars => {
            Value::text(&display::show(ctx.layouts(), other))
        }
        _ => {
            return Err(broken("the policy document has another value where text is wanted"));
        }
    })
}
