from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive.model import Level
from archive.register import Register, RegisterError, kind_of, load

REGISTER = load()
PUTUO = "310107"


def folder(tmp_path: Path, agencies: str, code: str = PUTUO, divisions: str = "") -> Path:
    (tmp_path / "agencies").mkdir()
    text = f'division = "{code}"\n{agencies}'
    (tmp_path / "agencies" / f"{code}.toml").write_text(text, encoding="utf-8")
    if divisions:
        (tmp_path / "divisions.toml").write_text(divisions, encoding="utf-8")
    return tmp_path


def ids(name: str, level: Level | None = None, register: Register = REGISTER) -> list[str]:
    return [agency.id for agency in register.find(PUTUO, name, level)]


def test_all_districts_of_wuhan_and_the_first_of_shanghai_are_known() -> None:
    by_city: dict[str, list[str]] = {}
    for division in REGISTER.divisions():
        by_city.setdefault(division.city, []).append(division.code)
    assert by_city["上海市"] == ["310107"]
    assert len(by_city["武汉市"]) == 13
    assert REGISTER.division("420112").name == "东西湖区"


def test_an_unknown_division_is_named_together_with_what_to_do() -> None:
    with pytest.raises(RegisterError, match=r"division '110101' is not in the register: add it"):
        REGISTER.find("110101", "财政局")


def test_a_division_without_agencies_has_none() -> None:
    assert REGISTER.agencies("420103") == ()
    assert REGISTER.find("420103", "江汉区财政局") == []


def test_putuo_has_its_departments_and_units() -> None:
    agencies = REGISTER.agencies(PUTUO)
    departments = [a for a in agencies if a.level is Level.DEPARTMENT]
    assert (len(departments), len(agencies) - len(departments)) == (67, 337)
    assert {a.parent for a in agencies if a.parent} == {d.id for d in departments}


@pytest.mark.parametrize(
    "name",
    [
        "上海市普陀区财政局",
        "普陀区财政局",
        "区财政局",
        "财政局",
        " 上海市普陀区 财政局",
        "上海市普陀区财政局（部门）",
    ],
)
def test_a_name_is_found_with_and_without_its_place(name: str) -> None:
    assert ids(name, Level.DEPARTMENT) == ["310107.006"]


@pytest.mark.parametrize("mark", ["本级", "本部", "（本级）", "(本部)", "（机关本级）"])
def test_the_own_unit_of_a_department_is_found_by_its_mark(mark: str) -> None:
    assert ids(f"上海市普陀区财政局{mark}") == ["310107.006.001"]
    assert ids(f"上海市普陀区民政局{mark}") == ["310107.001.001"]
    assert ids(f"上海市普陀区民政局{mark}", Level.DEPARTMENT) == []


def test_a_department_and_its_own_unit_share_their_name_until_a_level_is_stated() -> None:
    assert ids("上海市普陀区财政局") == ["310107.006", "310107.006.001"]
    assert ids("上海市普陀区财政局", Level.UNIT) == ["310107.006.001"]
    assert ids("上海市普陀区财政局（汇总）") == ["310107.006"]


def test_the_own_unit_goes_by_the_short_names_of_its_department() -> None:
    assert ids("万里街道", Level.UNIT) == ["310107.007.001"]


@pytest.mark.parametrize(
    "name",
    [
        "中共上海市普陀区委宣传部",
        "中国共产党上海市普陀区委员会宣传部",
        "普陀区委员会宣传部",
        "区委宣传部",
        "中共普陀区委员会宣传部",
    ],
)
def test_the_ways_to_write_a_party_office_are_one_name(name: str) -> None:
    assert ids(name, Level.DEPARTMENT) == ["310107.038"]


def test_radicals_and_brackets_of_pdf_text_do_not_hide_a_name() -> None:
    found = REGISTER.find("420112", "武汉市东⻄湖区科技创新和人才服务中心")
    assert [a.id for a in found] == ["420112.001"]
    library = REGISTER.find(PUTUO, "上海市普陀区图书馆(上海市普陀区少年儿童图书馆)")
    assert [a.id for a in library] == ["310107.003.002"]


@pytest.mark.parametrize(
    "name", ["财政", "普陀区财政", "上海市财政局", "财政局监督所", "普陀区财政局局", ""]
)
def test_likeness_is_not_identity(name: str) -> None:
    assert ids(name) == []


@pytest.mark.parametrize("alias", ["区科服中心", "区企服中心", "区科创人才中心"])
def test_short_names_of_the_wuchang_body_identify_it_within_its_district(alias: str) -> None:
    assert [a.id for a in REGISTER.find("420106", alias)] == ["420106.001"]
    assert REGISTER.find("420112", alias) == []


def test_no_name_or_alias_of_the_packaged_data_is_ambiguous_at_one_level() -> None:
    for division in REGISTER.divisions():
        for agency in REGISTER.agencies(division.code):
            for name in [*(n.text for n in agency.names), *agency.aliases]:
                found = REGISTER.find(division.code, name, agency.level)
                assert [a.id for a in found] == [agency.id], name


def test_a_shared_district_name_needs_its_city() -> None:
    def codes(text: str) -> list[str]:
        return [division.code for division in REGISTER.divisions_named(text)]

    assert codes("普陀区财政局") == []
    assert codes("上海市普陀区财政局") == ["310107"]
    assert codes("中国共产党上海市普陀区委员会宣传部") == ["310107"]
    assert codes("武昌区科技创新和人才服务中心") == ["420106"]


def test_the_kind_of_an_agency_is_told_only_where_its_name_tells() -> None:
    assert kind_of("上海市普陀区人民政府万里街道办事处") == "street-office"
    assert kind_of("上海市普陀区梅川幼儿园") == "kindergarten"
    assert kind_of("中共上海市普陀区委员会组织部") == "party-office"
    assert kind_of("上海市普陀区规划和自然资源局执法大队") == "enforcement-team"
    assert kind_of("上海市普陀区大数据中心") is None
    assert REGISTER.agency("310107.006").kind == "bureau"


def test_an_operator_adds_a_division_with_its_agencies(tmp_path: Path) -> None:
    place = '[[division]]\ncode = "990101"\nname = "江城区"\nprovince = "样例省"\ncity = "样例市"\n'
    own = folder(
        tmp_path,
        '[[department]]\nid = "990101.001"\nname = "江城区财政局"\n',
        code="990101",
        divisions=place,
    )
    register = load(own)
    assert [a.id for a in register.find("990101", "样例市江城区财政局")] == ["990101.001"]
    assert register.registered_name("990101.001") == "江城区财政局"


def test_an_operator_adds_an_alias_to_a_packaged_agency(tmp_path: Path) -> None:
    own = folder(tmp_path, '[[addition]]\nid = "310107.006"\naliases = ["普财局"]\n')
    assert ids("普财局", Level.DEPARTMENT, load(own)) == ["310107.006"]
    assert ids("普财局") == []


def test_a_renamed_agency_keeps_its_folder_and_is_found_by_the_name_of_the_day(
    tmp_path: Path,
) -> None:
    own = folder(
        tmp_path,
        '[[department]]\nid = "310107.900"\nnames = [\n'
        '  { text = "普陀区科技局", until = 2023-12-31 },\n'
        '  { text = "普陀区科创局", since = 2024-01-01 },\n]\n',
    )
    register = load(own)
    agency = register.agency("310107.900")
    assert (register.registered_name(agency.id), agency.name) == ("普陀区科技局", "普陀区科创局")
    assert register.find(PUTUO, "区科技局") == [agency]
    assert register.find(PUTUO, "区科技局", on=date(2023, 12, 31)) == [agency]
    assert register.find(PUTUO, "区科技局", on=date(2024, 1, 1)) == []
    assert register.find(PUTUO, "区科创局", on=date(2024, 1, 1)) == [agency]


def test_names_may_pass_to_another_agency_but_the_folder_stays_taken(tmp_path: Path) -> None:
    both = (
        '[[department]]\nid = "310107.900"\nnames = [\n'
        '  { text = "普陀区甲局", until = 2023-12-31 },\n  { text = "普陀区丙局" },\n]\n'
        '[[department]]\nid = "310107.901"\nnames = [\n'
        '  { text = "普陀区甲局", since = 2024-01-01 },\n]\n'
    )
    with pytest.raises(RegisterError, match=r"310107\.901 bears the name '普陀区甲局'"):
        load(folder(tmp_path, both))


@pytest.mark.parametrize(
    ("agencies", "complaint"),
    [
        (
            '[[department]]\nid = "310107.006"\nname = "另一个局"\n',
            r"310107\.006 is already registered",
        ),
        (
            '[[department]]\nid = "310107.900"\nname = "普陀区财政局"\n',
            r"bears the name '普陀区财政局'",
        ),
        ('[[department]]\nid = "420106.900"\nname = "某局"\n', r"must be 310107\.NNN"),
        ('[[department]]\nid = "310107.900.001"\nname = "某局"\n', r"310107\.900\.001"),
        ('[[department]]\nid = "310107.900"\nname = "../某局"\n', r"unusable name '\.\./某局'"),
        ('[[department]]\nid = "310107.900"\n', r"310107\.900 needs either a name or names"),
        ('[[addition]]\nid = "310107.999"\naliases = ["某"]\n', r"adds to agency 310107\.999"),
        ('[[department]]\nid = "310107.900"\nname = "某局"\ncolour = "red"\n', "colour"),
        ('[[department]]\nid = "310107.900"\nname = \n', "310107.toml"),
    ],
)
def test_a_mistake_in_an_operators_file_is_told_with_file_and_id(
    tmp_path: Path, agencies: str, complaint: str
) -> None:
    with pytest.raises(RegisterError, match=complaint) as error:
        load(folder(tmp_path, agencies))
    assert "310107.toml" in str(error.value)


def test_a_file_must_state_the_division_of_its_name(tmp_path: Path) -> None:
    own = folder(tmp_path, "")
    (own / "agencies" / "310107.toml").write_text('division = "420106"\n', encoding="utf-8")
    with pytest.raises(RegisterError, match="states division '420106', its file name says"):
        load(own)


def test_a_missing_or_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="register folder not found"):
        load(tmp_path / "absent")
    with pytest.raises(RegisterError, match="holds neither"):
        load(tmp_path)


def test_a_division_told_twice_and_differently_is_refused(tmp_path: Path) -> None:
    place = '[[division]]\ncode = "310107"\nname = "浦东区"\nprovince = "上海市"\ncity = "上海市"\n'
    with pytest.raises(RegisterError, match="division 310107 is 浦东区, another file says 普陀区"):
        load(folder(tmp_path, "", divisions=place))


REVISIONS = "scheme,from,to,year,kind,from_name,to_name,verified,source\n"


def revisions(tmp_path: Path, row: str) -> Path:
    (folder(tmp_path, "") / "subjects").mkdir()
    subjects = tmp_path / "subjects"
    (subjects / "changes.csv").write_text(REVISIONS + row, encoding="utf-8")
    text = '[notice]\ntitle = "某区通知"\ntext = "official"\n'
    (subjects / "sources.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_operator_adds_revisions_of_the_classification(tmp_path: Path) -> None:
    row = "functional,2010399,2013999 2014004,2031,split,其他,,yes,notice\n"
    register = load(revisions(tmp_path, row))

    found = [c for one in register.classifications() for c in one.changes_between(2030, 2031)]
    assert [(c.before, c.after) for c in found] == [(("2010399",), ("2013999", "2014004"))]
    assert len(REGISTER.classifications()) == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("functional,2010399,20139,2031,split,,,yes,hearsay\n", "does not name 'hearsay'"),
        ("functional,2010399,20139,2031,broken,,,yes,notice\n", r"changes.csv:2: 'broken'"),
    ],
)
def test_a_mistake_in_an_operators_revisions_is_told_at_once(
    tmp_path: Path, row: str, told: str
) -> None:
    with pytest.raises(RegisterError, match=told):
        load(revisions(tmp_path, row))


def test_the_version_changes_with_the_data_and_only_with_it(tmp_path: Path) -> None:
    assert load().version == REGISTER.version
    own = folder(tmp_path, '[[addition]]\nid = "310107.006"\naliases = ["普财局"]\n')
    assert load(own).version != REGISTER.version


def test_an_unknown_agency_id_is_named() -> None:
    with pytest.raises(RegisterError, match=r"'310107\.999' is not in the register"):
        REGISTER.agency("310107.999")
