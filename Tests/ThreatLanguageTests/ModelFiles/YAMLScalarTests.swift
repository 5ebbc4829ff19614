import Testing

@testable import ThreatLanguage

@Suite("YAML scalars mean what PyYAML takes them for")
struct YAMLScalarTests {
  /// Each checked against `yaml.safe_load` of PyYAML 6.0.3.
  @Test(arguments: [
    ("0", "int 0"), ("-0", "int 0"), ("+5", "int 5"), ("007", "int 7"), ("08", "str"),
    ("0o7", "str"), ("0x1F", "int 31"), ("0xg", "str"), ("0b101", "int 5"), ("0b2", "str"),
    ("1_000", "int 1000"), ("_1", "str"), ("1__0", "int 10"), ("1:30", "int 90"),
    ("01:30", "str"), ("1:60", "str"), ("1:30:15", "int 5415"), ("-1:30", "int -90"),
    ("1:30.5", "float 90.5"), ("1.5", "float 1.5"), ("1.", "float 1.0"), ("1._5", "float 1.5"),
    (".5", "float 0.5"), ("-.5", "str"), ("+1.5", "float 1.5"), ("1e3", "str"), ("1.5e3", "str"),
    ("1.5e+3", "float 1500.0"), ("1.0E-2", "float 0.01"), ("1_0.5", "float 10.5"), ("..5", "str"),
    (".inf", "refused"), ("-.INF", "refused"), (".nan", "refused"), ("-.nan", "str"),
    ("+.5", "str"), (".", "str"), ("+", "str"), ("0x", "str"), ("0_", "int 0"), ("0b_", "refused"),
    ("0x_1", "int 1"), ("00", "int 0"), ("1.2.3", "str"), ("192.168.0.1", "str"),
    ("2026-11-21", "date"), ("2026-1-2", "str"), ("2026-11-21T10:00:00Z", "date"),
    ("2026-11-21 1:00:00.5 +1:30", "date"), ("2026-11-21 10:00", "str"), ("yes", "bool true"),
    ("yEs", "str"), ("y", "str"), ("on", "bool true"), ("OFF", "bool false"), ("null", "null"),
    ("~", "null"), ("nULL", "str"), ("", "null"), ("0.1.0-SNAPSHOT", "str"), ("12e03", "str"),
    ("-_1", "str"), ("1:2:3.4", "float 3723.4"), ("0:30", "str"), ("190:20:30", "int 685230"),
    ("+0x1A", "int 26"), ("-017", "int -15"), ("1_:30", "int 90"),
    ("123456789012345678901234567890", "int 123456789012345678901234567890"),
    ("0xFFFFFFFFFFFFFFFFFF", "refused"),
  ])
  func meaning(text: String, expected: String) {
    let found =
      switch YAMLScalar.value(of: text) {
      case nil: "refused"
      case .null: "null"
      case .bool(let flag): "bool \(flag)"
      case .integer(let digits): "int \(digits)"
      case .number(let value): "float \(value)"
      case .timestamp(let written): written == text ? "date" : "changed"
      case .text(let written): written == text ? "str" : "changed"
      case .list, .mapping: "no scalar"
      }
    #expect(found == expected, "\(text)")
  }
}
