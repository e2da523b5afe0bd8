"""English: the same digest for readers without Chinese; names of lines stay as printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Final

from archive.model import Mark
from diffing.changes import Cell, CellKind, half_up, is_nothing
from diffing.figures import exact, is_large
from diffing.names import bare
from diffing.words import comparisons, news
from diffing.words.wording import Wording

_TEXTS: Final = {
    "kind-budget": "budget",
    "kind-final": "final account",
    "level-department": "department",
    "level-unit": "unit",
    "side": "the {year} {kind}",
    "column-side": "{year} {kind}",
    "document": "{agency}: {level} {kind} {year}",
    "cell-absent": "not listed",
    "cell-unread": "not read",
    "cell-unmatched": "not matched",
    "cell-no-column": "no such column",
    "cell-other-layout": "other layout",
    "cell-blank": "blank",
    "cell-unreadable": "“{text}” (not an amount)",
    "cell-no-unit": "{text} (unit not stated)",
    "rate-gone": "not listed any more",
    "rate-unread": "cannot be told",
    "rate-unmatched": "read from an image, not matched",
    "rate-not-compared": "not compared",
    "rate-from-nothing": "from nothing",
    "rate-new": "newly listed",
    "rate-same": "unchanged",
    "rate-none": "not computed",
    "rate-tiny": "below 0.01%",
    "title-between": "{agency}: {level} {kind} {new} compared with {old}",
    "title-run": "What was collected, {date}",
    "label": "Compiled automatically from published documents, not confirmed by the publishers; "
    "differences, rates and shares are computed from the published figures",
    "run": "Run {run}",
    "made": "Compiled {when}",
    "headlines": "In short",
    "headlines-none": "No change passed the threshold for headlines; thresholds are at the end.",
    "headlines-none-revised": "No figure changed; changes of wording and layout are below.",
    "headlines-partly": "No change of what could be compared passed the threshold for headlines; "
    "some tables could not be compared, see below.",
    "headlines-nothing": "There are no tables that compare; the reason is given below.",
    "headlines-more": "{count} more passed the threshold; see the agencies below.",
    "point": "{subject}: {said}",
    "point-of": "{agency} | {subject}: {said}",
    "said-with": "{said} ({note})",
    "headline-revision": "{document} was changed after publication, {counts}; the largest: "
    "{statement}, “{line}”, {measure}, from {old} to {new}, {change}",
    "headline-revision-unit": "{document} was changed after publication, {counts}; one of them: "
    "{statement}, “{line}”, {measure}, from {old} to {new}",
    "headline-revision-listed": "{document} was changed after publication, {counts}; the largest: "
    "{statement}, “{line}”, {what}",
    "headline-revision-statement": "{document} was changed after publication, {counts}; "
    "among them: {statement}",
    "count-changed": "rows with other figures: {count}",
    "count-new": "rows newly listed: {count}",
    "count-dropped": "rows not listed any more: {count}",
    "count-statement-added": "tables read in this version only: {count}",
    "count-statement-removed": "tables read in the previous version only: {count}",
    "count-joint": ", ",
    "totals-of": "{document}: {figures}",
    "total-of": "{name} {amount}",
    "joint": "; ",
    "tables": "{statements} tables, {rows} rows",
    "total-both": "Total income and expenditure ({kind})",
    "sangong-line": "“Three public expenses” {name}",
    "totals": "Totals",
    "sangong": "“Three public expenses” and operating costs",
    "sangong-absent": "At least one document has no readable table of the “three public expenses”; "
    "they are not compared.",
    "classes": "Expenditure by function (classes)",
    "projects": "Projects",
    "projects-new": "Newly listed",
    "projects-gone": "Not listed any more",
    "projects-changed": "Changed much, or renamed",
    "projects-quiet": "{count} other projects did not change, or less than the threshold.",
    "projects-unlisted": "In at least one document no table of projects was read; projects are "
    "not compared one by one.",
    "projects-by-name": "Projects are matched by name; one that was renamed stands both among the "
    "newly listed and among those not listed any more.",
    "projects-unsure": "Read in one document only",
    "projects-unsure-why": "The other document's table of projects could not be read whole or is "
    "laid out in another way, or one of the two was read from an image and may have other names; "
    "whether it lists these cannot be told.",
    "by-order": "several rows share this name and code; matched by equal amounts, then by order, "
    "please check the originals",
    "lines": "Other lines that changed much",
    "statements": "Tables read in one document only",
    "statement-added": "{title}: read only in {new} ({count} rows)",
    "statement-removed": "{title}: read only in {old} ({count} rows)",
    "statement-unread": "{said}; in {other} p. {pages} could not be read as tables and may hold it",
    "statements-performance": "Performance forms, {count}: read only in {side}, listed one by one "
    "under “All changes”",
    "gap-statements": "{document}: no standard table could be read.",
    "gap-pages": "{document}, p. {pages}: pictures or characters that cannot be read were not "
    "read. What is printed only there is not compared, which does not mean that it is not listed.",
    "gap-recognised": "{document}, p. {pages}: words and figures were recognised from an image and "
    "may be misread; rows without a match in the other document count as neither newly listed nor "
    "listed no more.",
    "gap-tables": "{document}: tables that match no standard table and are not compared: {count} "
    "(p. {pages}).",
    "page-joint": ", ",
    "all": "All changes",
    "statements-of": "{title} ({count} tables)",
    "all-of": "{title} ({count} rows)",
    "all-elsewhere": "All {count} changes are listed in the JSON form of this digest "
    "(digest.json).",
    "revisions": "Revisions of published documents",
    "revision-title": "{document}: previous version and this version compared",
    "revision-figures": "Row by row",
    "revision-texts": "Wording and layout",
    "no-change": "No row has other figures in the two documents.",
    "revision-none": "The two versions say the same.",
    "problems": "What does not add up",
    "problems-elsewhere": "What does not add up in the documents collected",
    "problems-note": "Found by checking the published files; not confirmed by the publisher. The "
    "original decides; mingzhang check --explain says what a rule is.",
    "problem": "({severity}) {said}",
    "problem-material": "material",
    "problem-minor": "minor",
    "problem-rule": "rule {rule}, {sureness}",
    "problem-sure": "figures read directly",
    "problem-likely": "figures not read directly, see the original",
    "problem-quoted": "the text: “{quotation}”",
    "problem-suspect": "{count} equations demand {value} of {measure} of “{line}” in {statement}",
    "problem-also": "{count} more of the same cause",
    "problem-confirmed": "held against the original and confirmed ({day}): {reason}",
    "problems-more": "{count} more are in the JSON of this digest.",
    "headline-problem": "{document}: figures or statements disagree in {count} places; one of "
    "them: {said}",
    "corrections": "Corrections",
    "correction": "An earlier digest ({digest}, {day}) said of {document}: “{said}” (rule {rule}). "
    "This is withdrawn: {reason}",
    "correction-wrong": "on review, the finding was wrong: {reason}",
    "correction-explained": "it is explained: {reason}",
    "correction-not-found": "the same file, read and checked again, does not bear it out",
    "collected": "Documents collected",
    "collected-totals": "Collected for the first time, last year's document is not in the archive:",
    "events": "Other events",
    "event-bytes-only": "the bytes changed, what they say did not",
    "event-re-extraction": "read again by a newer reader; not a change by the publisher",
    "event-withdrawal": "its page was gone in two looks at least a day apart",
    "event-return": "published again",
    "event-backfill": "added later",
    "event-migration": "moved to another address, the same bytes",
    "event-mirror": "published at another address too",
    "unread": "Files that could not be read or filed",
    "unread-unreadable": "not readable",
    "unread-unfiled": "not filed",
    "method": "Method and caveats",
    "sources": "Sources",
    "column-line": "Line",
    "column-place": "Place",
    "column-measure": "Measure",
    "column-change": "Change",
    "column-difference": "Difference",
    "column-rate": "Rate",
    "column-source": "Source",
    "column-before": "Previous version",
    "column-after": "This version",
    "column-document": "Document",
    "column-statements": "Tables",
    "column-published": "Published",
    "column-status": "State",
    "column-reason": "Reason",
    "unit": "In 万元 (10,000 yuan)",
    "unit-before-after": "Amounts as printed; difference in 万元 (10,000 yuan)",
    "renamed-from": "was: {name}",
    "what-new": "newly listed",
    "what-dropped": "not listed any more",
    "what-changed": "amount changed",
    "what-unread": "other document not read whole, cannot be told",
    "what-unmatched": "one document was read from an image, not matched, cannot be told",
    "what-not-compared": "not compared",
    "what-statement-added": "table read in the later document only",
    "what-statement-removed": "table read in the earlier document only",
    "what-recoded": "code changed",
    "what-renamed": "renamed",
    "what-mark-changed": "notation changed",
    "what-moved": "row moved",
    "what-text-changed": "wording changed",
    "field-prose": "prose",
    "field-name": "name",
    "field-code": "code",
    "field-title": "title",
    "field-note": "note",
    "field-columns": "columns",
    "field-table": "unclassified table",
    "field-attribute": "{name}",
    "passage": "{field}: {old} → {new}",
    "text-nothing": "(nothing)",
    "certainty-aligned": "read by alignment, please check the original",
    "certainty-confirmed": "recognised from an image, confirmed by sums",
    "certainty-recognised": "recognised from an image, please check the original",
    "some-recognised": "some of them recognised from an image, please check the original",
    "certainty-unreadable": "not an amount in the original, or not recognised",
    "quoted-reading": "quoted as recognised; sums ask for {value}, which is not used",
    "cite": "[{source}] p. {page}, row {row}",
    "cite-page": "[{source}] p. {page}",
    "source-published": "published {date}",
    "source-observed": "collected {date}",
    "source-version": "version {commit}",
    "source-unarchived": "file not in the archive",
    "source-original": "original sha256 {sha}",
    "method-alike": "Like with like: budgets with budgets, final accounts with final accounts, "
    "departments with departments, units with units. Last year's figures are those of last year's "
    "document, not what this year's document says about last year.",
    "method-derived": "Differences, rates and shares are computed from the published figures. "
    "Between 元 and 万元 only the point moves, nothing is rounded; rates and shares are rounded "
    "half up to two decimals.",
    "method-nothing": "Between years a blank, a “—” and a 0 all count as no amount; between two "
    "versions of one document they are told apart.",
    "method-once": "Where one figure stands in several tables, one place is quoted.",
    "method-thresholds": "Thresholds: totals and classes are reported from {total_percent}% and "
    "{total_amount} 万元 on, and are headlines from {total_headline_percent}% and "
    "{total_headline_amount} 万元, or {total_headline_any} 万元 alone; any change of the “three "
    "public expenses” is reported, a rise of their total by {sangong_percent}% or "
    "{sangong_amount} 万元 is a headline; staff, running and operating costs are reported from "
    "{costs_percent}% on; projects and lines below classes from {detail_percent}% and "
    "{detail_amount} 万元 on, or from {project_amount} 万元 where newly listed or listed no more.",
    "accounting": "Row by row: {old} has {old_rows} rows, {new} {new_rows}: {paired} paired "
    "({changed} of them with other amounts), {fresh} newly listed, {dropped} not listed any more, "
    "{whole} in tables read in one document only.",
    "accounting-unsure": "{count} more rows were read in one document only while the other was "
    "not read whole there or is laid out in another way, or one of the two was read from an image; "
    "they count as neither newly listed nor "
    "listed no more.",
    "accounting-empty": "{count} of the rows newly listed or listed no more hold no amount at all "
    "and do not count as changes.",
    "conserved": "Sums: in {holds} cases the change of a total equals the sum of the changes of "
    "its details (rounding in print allowed for).",
    "conserved-unchecked": "In {count} more neither document adds up by the rows as read, or one "
    "was not read whole or was read from an image; this was not checked there.",
    "remainder": "Not accounted for by any detail: {statement}{side} “{measure}”: total changed by "
    "{total} 万元, details by {details} 万元, {remainder} 万元 remain (rounding can explain "
    "{allowed} 万元).",
    "remainder-where": " In {document} the details, as read, do not add up to its own total.",
    "note-agency-differs": "The documents name different agencies: “{old}” and “{new}”.",
    "note-extractor-differs": "The documents were read by different readers ({old}, {new}); a "
    "difference may come from the reading.",
    "note-unit-differs": "“{statement}” is printed in different units ({old}, {new}); compared "
    "after conversion.",
    "notes-shared-key": "{count} more groups of rows share code and name and were paired alike.",
    "note-shared-key": "“{statement}” has rows of one code and name ({code} {name}, page:row "
    "{rows}); paired by equal amounts, then by order.",
    "note-cells-unreadable": "{count} cells hold something that is not an amount; they are quoted "
    "and not computed with.",
    "note-tables-not-compared": "{count} tables match no standard table and were not compared "
    "between years.",
    "remark": "{document}: {message}",
    "remark-page": "{document}, p. {page}: {message}",
    "remark-many": "{count} times, such as: {message}",
    "remark-detail": "{name} ({detail})",
    "remark-page-image": "the page is a picture, text in it was not read",
    "remark-image-on-page": "there is a picture on the page, text in it was not read",
    "remark-page-recognised": "its text was recognised from an image; please check the original",
    "remark-recognition-failed": "text in its pictures could not be recognised",
    "remark-unit-missing": "the table names no single unit, its amounts are not converted",
    "remark-column-unknown": "unknown column, quoted as printed",
    "remark-column-double": "a column stands twice",
    "remark-cell-unreadable": "a cell holds something that is not an amount",
    "remark-row-repeated": "a row of the same name and code stands again",
    "remark-row-unexpected": "one row more than expected, not read",
    "remark-row-unplaced": "a row does not fit the form and is kept as cells",
    "remark-characters-undefined": "characters without meaning in their font, not read",
    "remark-text-hidden": "there is an invisible layer of text, it was read",
    "remark-text-layered": "its text is a hidden recognition layer over a picture and may differ "
    "from it; please check the original",
    "remark-page-turned": "the sheet lay sideways or upside down and was turned before reading",
    "remark-ink-unread": "ink beside the tables, such as a seal, was not read as text",
    "remark-text-outside": "text stands outside the paper, it was read",
    "remark-text-unseen": "there is text that nobody sees, it was left out",
    "remark-text-sideways": "text runs another way than the rest",
    "remark-content-odd": "part of the page could not be interpreted",
    "remark-font-unsure": "the font's characters are in doubt",
    "remark-repaired": "the file is damaged and was repaired before reading",
    "remark-agency-disagrees": "the document names several agencies",
    "remark-level-disagrees": "the document calls itself both department and unit",
    "remark-year-disagrees": "the document names several years",
    "remark-kind-disagrees": "the document calls itself both budget and final account",
    "remark-identity-disagreement": "what the document is of is stated in several ways",
    "remark-cells-joined": "cells that cannot be told apart in the text are shown together",
    "remark-changes-tracked": "the file has tracked changes, read as if accepted",
    "remark-column-by-sums": "blank cells are gone; the columns of some figures were told by sums",
    "remark-column-open": "the column of some figures cannot be told; they are put in none",
    "remark-figures-rounded": "figures are read as shown; more decimals are stored",
    "remark-member-read": "files of an archive, their pages one after another",
    "remark-member-unread": "a file of the archive could not be read",
    "remark-number-format-unknown": "a number format is not known; its figures are read as stored",
    "remark-rows-hidden": "hidden rows or columns were read",
    "remark-sheet-hidden": "a hidden sheet was not read",
    "remark-table-missing": "a title without a table, which may be a picture",
    "remark-text-damaged": "read from paper by a machine and damaged; print and proposal are shown",
    "remark-type-mismatch": "the name and the content of the file are of different types",
    "remark-claims-cut": "too many figures in the prose, only some were read",
    "more": "… {count} more",
} | comparisons.EN
_MEANINGS: Final = {
    "合计": "total",
    "总计": "total",
    "小计": "subtotal",
    "收入总计": "total income",
    "支出总计": "total expenditure",
    "本年收入合计": "income of the year",
    "本年支出合计": "expenditure of the year",
    "基本支出": "basic expenditure",
    "项目支出": "projects",
    "人员经费": "staff",
    "人员经费合计": "staff",
    "公用经费": "running costs",
    "公用经费合计": "running costs",
    "因公出国(境)费": "travel abroad",
    "公务接待费": "receptions",
    "公务用车购置及运行费": "vehicles",
    "公务用车购置及运行维护费": "vehicles",
    "公务用车购置费": "buying vehicles",
    "公务用车运行费": "running vehicles",
    "公务用车运行维护费": "running vehicles",
    "购置费": "buying",
    "运行费": "running",
    "机关运行经费": "operating costs of offices",
}
"""What the lines of every document mean; functional and economic classes stay as printed."""

_YUAN: Final = Decimal(10_000)
_MILLION: Final = Decimal(100)
"""One million yuan is a hundred 万元."""


class English(Wording):
    """British spelling; 万元 stays, with yuan beside it."""

    code = "en"
    html = "en"
    texts: ClassVar = _TEXTS | news.EN

    def line(self, name: str) -> str:
        """The printed name with its meaning where it is one of the lines every document has."""
        parts = [_MEANINGS.get(bare(part)) for part in name.split(" · ")]
        return f"{name} ({', '.join(p for p in parts if p)})" if all(parts) else name

    def amount(self, value: Decimal, decimals: int = 2) -> str:
        """15,621.1123 万元 (156.21 million yuan); below 1 亿元 the exact yuan."""
        if is_large(value):
            millions = half_up(Fraction(value) / Fraction(_MILLION), 2)
            return f"{exact(value, decimals)} 万元 ({exact(millions)} million yuan)"
        yuan = (value * _YUAN).normalize()
        return f"{exact(value, decimals)} 万元 ({yuan:,f} yuan)"

    def comparison(self, cell: Cell, old: str, new: str) -> str:
        """More or less with the amount and the rate; unchanged; from nothing; not listed."""
        if cell.kind not in (CellKind.NUMBER, CellKind.MARK):
            was, now = self.old_printed(cell), self.new_printed(cell)
            return f"{was} in {old}, {now} in {new}; not computed"
        zero, decimals = Decimal(0), self.decimals(cell)
        before, after = cell.old_wan or zero, cell.new_wan or zero
        difference = cell.difference or zero
        if cell.new is None:
            return f"not listed any more in {new} ({self.amount(before, decimals)} in {old})"
        if cell.old is None:
            return f"newly listed in {new}, {self.amount(after, decimals)} (not listed in {old})"
        if is_nothing(cell.new) and not is_nothing(cell.old):
            stated = f"{self._nothing(cell, new=True)} in {new}"
        else:
            stated = f"{self.amount(after, decimals)} in {new}"
        if difference == 0:
            return f"{stated}, unchanged from {old}"
        if is_nothing(cell.old):
            return f"from nothing to {stated} ({self._nothing(cell)} in {old}, so there is no rate)"
        way = "more" if difference > 0 else "less"
        size = self.amount(abs(difference), decimals)
        return f"{stated}, {size} {way} than {old}, {self._rate(cell)}"

    def replacement(self, cell: Cell) -> str:
        """By how much, with the rate; nothing where no amount was replaced."""
        if cell.difference is None or cell.difference == 0:
            return ""
        way = "more" if cell.difference > 0 else "less"
        rate = f", {self._rate(cell)}" if cell.percent is not None else ""
        return f"{self.amount(abs(cell.difference), self.decimals(cell))} {way}{rate}"

    def share(
        self,
        name: str,
        old: Decimal,
        new: Decimal,
        sides: tuple[str, str],
        moved: Decimal | None = None,
    ) -> str:
        """A share of all expenditure and its change in percentage points."""
        moved = new - old if moved is None else moved
        if moved == 0:
            change = f"unchanged from {sides[0]}"
        else:
            way = "up" if moved > 0 else "down"
            change = f"{way} {exact(abs(moved))} percentage points from {sides[0]}"
        return f"{name} is {self.percent(new)} of all expenditure, {change}"

    def _rate(self, cell: Cell) -> str:
        up = (cell.difference or Decimal(0)) > 0
        if cell.percent is None:
            return f"no rate on a negative {'base' if (cell.old_wan or 0) < 0 else 'amount'}"
        if cell.percent == 0:
            return f"{'up' if up else 'down'} less than 0.01%"
        return f"{'up' if up else 'down'} {self.percent(cell.percent)}"

    def _nothing(self, cell: Cell, *, new: bool = False) -> str:
        amount = cell.new if new else cell.old
        if amount is None:
            return "not listed"
        if amount.mark is Mark.BLANK:
            return "blank"
        return "“—”" if amount.mark is Mark.DASH else "0"
