"""Reads a condition in SQL into a function of a record: operators by how tightly PostgreSQL binds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import reduce
from operator import attrgetter, itemgetter
from typing import Any

from schemas.conditions.terms import Both, Constant, Term, applied, either, negated
from schemas.conditions.tokens import END, NotUnderstood, Token, tokens_of
from schemas.conditions.values import (
    COMPARED,
    FUNCTIONS,
    JOINED,
    MATCHED,
    OF_NULLS,
    QUERIES,
    among,
    at_time_zone,
    compared,
    day,
    interval,
    matches,
    to_date,
    to_text,
)

_OR, _AND, _NOT, _IS, _COMPARED, _AMONG, _OTHER, _SUM, _PRODUCT, _COLLATE, _ZONE, _CAST = range(1, 13)
_BINDING = {
    "or": _OR,
    "and": _AND,
    "is": _IS,
    "not": _AMONG,
    "in": _AMONG,
    "collate": _COLLATE,
    "at": _ZONE,
    "::": _CAST,
    **dict.fromkeys(COMPARED, _COMPARED),
    "||": _OTHER,
    "~": _OTHER,
    "!~": _OTHER,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
}
_CASTS: Mapping[str, Callable[[Any], Any]] = {"date": to_date, "text": to_text, "int": int, "bigint": int}
_WORDS = {"true": True, "false": False, "null": None}


def term_of(condition: str, columns: Collection[str]) -> Term:
    """What the condition says of a record, in true, false or None; raises NotUnderstood."""
    reader = _Reader(tokens_of(condition), frozenset(columns))
    term = reader.term(0)
    reader.take("")
    return term


def columns_of(condition: str, columns: Collection[str]) -> set[str]:
    """Those of the columns that the condition names; raises NotUnderstood."""
    return {token.text for token in tokens_of(condition) if token.kind == "name"} & set(columns)


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, tokens: list[Token], columns: frozenset[str]) -> None:
        self._tokens, self._columns, self._at = tokens, columns, 0

    def peek(self, ahead: int = 0) -> Token:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else END

    def next(self) -> Token:
        token = self.peek()
        self._at += 1
        return token

    def take(self, *words: str) -> None:
        """These words come next."""
        for word in words:
            token = self.next()
            if token.text != word or token.kind == "text":
                raise NotUnderstood(f"{token.text!r} where {word!r} was expected")

    def took(self, word: str) -> bool:
        """Whether this word came next, and was taken."""
        if self.peek().kind == "text" or self.peek().text != word:
            return False
        self._at += 1
        return True

    def term(self, binding: int) -> Term:
        """All that binds more tightly than `binding`."""
        term = self._first()
        while True:
            token = self.peek()
            tight = 0 if token.kind == "text" else _BINDING.get(token.text, 0)
            if tight <= binding:
                return term
            self.next()
            term = self._further(term, token.text, tight)

    def _further(self, left: Term, sign: str, tight: int) -> Term:
        match sign:
            case "or":
                return either(left, self.term(tight))
            case "and":
                return Both(left, self.term(tight))
            case "is":
                return self._is_null(left)
            case "not":
                self.take("in")
                return negated(self._among(left))
            case "in":
                return self._among(left)
            case "collate":
                self.take("C")  # as Python compares texts
                return left
            case "at":
                self.take("time", "zone")
                return applied(at_time_zone, left, self.term(tight))
            case "::":
                return self._cast(left)
        right = self.term(tight)
        if sign in MATCHED and isinstance(right, Constant):
            return applied(matches(sign, right.value), left)
        return applied(compared(sign) if sign in COMPARED else JOINED[sign], left, right)

    def _is_null(self, left: Term) -> Term:
        wanted = not self.took("not")
        self.take("null")
        return lambda record: (left(record) is None) == wanted

    def _among(self, left: Term) -> Term:
        self.take("(")
        listed = [self.term(0)]
        while self.took(","):
            listed.append(self.term(0))
        self.take(")")
        values = [each.value for each in listed if isinstance(each, Constant)]
        if len(values) == len(listed) and len({value.__class__ for value in values}) == 1 and None not in values:
            return applied(among(values), left)
        equal = compared("=")
        return reduce(either, [applied(equal, left, each) for each in listed])

    def _cast(self, left: Term) -> Term:
        kind = self.next().text
        if kind not in _CASTS:
            raise NotUnderstood(f"::{kind}")
        return applied(_CASTS[kind], left)

    def _first(self) -> Term:
        token = self.next()
        match token.kind:
            case "text":
                return Constant(token.text)
            case "number":
                return Constant(Decimal(token.text) if "." in token.text else int(token.text))
            case "name":
                return self._named(token.text)
        if token.text == "(":
            return self._in_brackets()
        raise NotUnderstood(repr(token.text))

    def _in_brackets(self) -> Term:
        if self.peek().text == "select":
            return self._query()
        term = self.term(0)
        self.take(")")
        return term

    def _named(self, name: str) -> Term:
        if name == "not":
            return negated(self.term(_NOT))
        if name == "case":
            return self._case()
        if name in _WORDS:
            return Constant(_WORDS[name])
        if name in ("date", "interval") and self.peek().kind == "text":
            return Constant((day if name == "date" else interval)(self.next().text))
        if name == "extract":
            return self._year()
        if self.peek() == Token("sign", "("):
            return self._call(name)
        if name not in self._columns:
            raise NotUnderstood(name)
        return itemgetter(name)

    def _year(self) -> Term:
        self.take("(", "year", "from")
        term = applied(attrgetter("year"), self.term(0))
        self.take(")")
        return term

    def _call(self, name: str) -> Term:
        if name not in FUNCTIONS and name not in OF_NULLS:
            raise NotUnderstood(name)
        self.take("(")
        given = [self.term(0)]
        while self.took(","):
            given.append(self.term(0))
        self.take(")")
        if name in OF_NULLS:
            function = OF_NULLS[name]
            return lambda record: function(*[each(record) for each in given])
        return applied(FUNCTIONS[name], *given)

    def _case(self) -> Term:
        subject = None if self.peek().text == "when" else self.term(0)
        branches: list[tuple[Term, Term]] = []
        while self.took("when"):
            asked = self.term(0)
            self.take("then")
            branches.append((asked if subject is None else applied(compared("="), subject, asked), self.term(0)))
        otherwise = self.term(0) if self.took("else") else Constant(None)
        self.take("end")
        return lambda record: next((then(record) for asked, then in branches if asked(record)), otherwise(record))

    def _query(self) -> Term:
        words, depth = [], 1
        while depth:
            token = self.next()
            if token == END:
                raise NotUnderstood("a query without an end")
            depth += (token.text == "(") - (token.text == ")")
            words.append(token.text)
        column, value = _KNOWN_QUERIES.get(tuple(words[:-1]), ("", None))
        if value is None or column not in self._columns:
            raise NotUnderstood("a query of its own")
        return applied(value, itemgetter(column))


_KNOWN_QUERIES = {tuple(token.text for token in tokens_of(text)): known for text, known in QUERIES.items()}
