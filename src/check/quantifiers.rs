//! Quantifiers and comprehensions: what is gone through, element by element.

use crate::base::Span;
use crate::hir;
use crate::hir::{Expr, ExprKind, LocalId};
use crate::syntax::ast;
use crate::types::{Type, TypeId};

use super::Checker;
use super::errors::types as errors;

impl Checker<'_> {
    /// `all x in xs where c: p`.
    pub(super) fn quantifier(
        &mut self,
        quantifier: &ast::Quantifier,
        positive: bool,
        span: Span,
    ) -> Expr {
        let (kind, keeps) = match quantifier.kind {
            ast::QuantifierKind::All => (hir::QuantifierKind::All, true),
            ast::QuantifierKind::Any => (hir::QuantifierKind::Any, true),
            ast::QuantifierKind::None => (hir::QuantifierKind::None, false),
            ast::QuantifierKind::One => (hir::QuantifierKind::One, false),
        };
        let mark = self.place.mark();
        let (domain, local) = self.element(&quantifier.name, &quantifier.domain);
        let filter = quantifier.filter.as_ref().map(|filter| Box::new(self.filter(filter)));
        let body = self.condition(&quantifier.body, positive && keeps);
        self.place.back_to(mark);
        let kind = ExprKind::Quantifier {
            kind,
            nonempty: quantifier.nonempty,
            local,
            domain: Box::new(domain),
            filter,
            body: Box::new(body),
        };
        self.make(kind, self.core.bool, span)
    }

    /// `[e for x in xs where c for y in ys]`.
    pub(super) fn comprehension(
        &mut self,
        item: &ast::Expr,
        generators: &[ast::Generator],
        want: Option<TypeId>,
        span: Span,
    ) -> Expr {
        let mark = self.place.mark();
        let mut made = Vec::with_capacity(generators.len());
        for generator in generators {
            let (domain, local) = self.element(&generator.name, &generator.domain);
            let filter = generator.filter.as_ref().map(|filter| self.filter(filter));
            made.push(hir::Generator { local, domain, filter });
        }
        let wish = want.and_then(|want| self.element_wish(want));
        let mut item = self.expr(item, wish);
        if let Some(wish) = wish
            && (self.hir.types.fits(item.ty, wish) || matches!(item.kind, ExprKind::Record { .. }))
        {
            item = self.coerce(item, wish);
        }
        self.place.back_to(mark);
        let ty = self.list_of(item.ty);
        self.make(ExprKind::Comprehension(Box::new(item), made), ty, span)
    }

    /// The list that is gone through, and the name of its element, bound.
    pub(super) fn element(&mut self, name: &ast::Ident, domain: &ast::Expr) -> (Expr, LocalId) {
        let domain = self.expr(domain, None);
        let ty = self.element_type(&domain);
        let references = self.references_of(&domain);
        let local = self.place.bind(&name.name, ty, name.span);
        self.place.references.insert(local, references);
        (domain, local)
    }

    /// The type of the elements; reported where it is no list.
    fn element_type(&mut self, domain: &Expr) -> TypeId {
        if self.hir.types.is_optional(domain.ty) {
            self.report_optional_list(domain);
            let present = self.hir.types.present(domain.ty);
            return self.element_wish(present).unwrap_or(self.core.error);
        }
        match *self.ty(domain.ty) {
            Type::List(inner) => inner,
            Type::Error => self.core.error,
            Type::Json if self.place.lenient => self.core.json,
            _ => {
                let (text, shown) = (self.source_text(domain.span), self.show(domain.ty));
                let what = match self.ty(domain.ty) {
                    Type::Map(_) => errors::Container::Map,
                    Type::Json => errors::Container::Json,
                    _ => errors::Container::Other,
                };
                self.report(errors::not_a_list(&text, &shown, what, domain.span));
                self.core.error
            }
        }
    }

    /// A `where`: what it says holds in the rest.
    pub(super) fn filter(&mut self, filter: &ast::Expr) -> Expr {
        let filter = self.condition(filter, false);
        self.assume(&filter, true, None);
        filter
    }
}
