import EngineSupport
import Foundation
import Testing
import YAMLDocuments

/// YAML as texts: what is kept, what is refused, and that small files stay small.
@Suite struct YAMLTextTests {
  private func read(
    _ text: String, _ limits: YAMLLimits = YAMLLimits()
  ) throws(Diagnostic) -> JSONValue {
    try YAMLText.value(of: InputDocument(name: "a.yaml", bytes: Array(text.utf8)), within: limits)
  }

  private func code(_ text: String, _ limits: YAMLLimits = YAMLLimits()) -> String? {
    do throws(Diagnostic) {
      _ = try read(text, limits)
      return nil
    } catch {
      return error.code.name
    }
  }

  @Test func scalarsStayAsTheyAreWritten() throws {
    let value = try read("version: 5.60\ndate: 2022-01-24\nflag: no\nlist: [1, a]\nold: ~\n")
    #expect(value["version"]?.string == "5.60")
    #expect(value["date"]?.string == "2022-01-24")
    #expect(value["flag"]?.string == "no")
    #expect(value["list"]?.elements?.compactMap(\.string) == ["1", "a"])
    #expect(value["old"]?.string == "~")
    #expect(value["flag"]?.location?.line == 3)
  }

  @Test func whatIsNoYAMLIsRefusedWithItsPlace() {
    #expect(code("") == "yaml.empty")
    #expect(code("a: [1") == "yaml.malformed")
    #expect(code("a: 1\na: 2\n") == "yaml.duplicate-key")
    #expect(code("? [a, b]\n: 1\n") == "yaml.malformed")
    #expect(code("a: *b\n") == "yaml.malformed")
    #expect(throws: Diagnostic.self) { try read("ä: é\nbb: [ü, é: ]: \n") }
    var limits = YAMLLimits()
    limits.bytes = 8
    #expect(code("abc: defgh\n", limits) == "yaml.too-large")
  }

  @Test func nestsAndBombsEnd() {
    #expect(
      code(String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)) != nil)
    #expect(code(String(repeating: "- ", count: 5_000) + "a\n") != nil)
    var bomb = "a0: &a0 [x]\n"
    for level in 1...30 {
      bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    #expect(code(bomb) == "yaml.malformed")
    #expect(code("a: &a [x]\n? [*a, *a]\n: 1\n") == "yaml.malformed")
  }

  /// Prose has asterisks, ampersands and question marks; only an alias with an anchor of its name is one.
  @Test func proseIsNoAlias() throws {
    let prose = "a: 'why ? *so*, he &lt;said&gt; [see]: *lte'\nb: &x y\nc: *x\n"
    #expect(code(prose) == "yaml.malformed")
    let harmless = prose.replacing("*x", with: "x")
    #expect(try read(harmless)["b"]?.string == "y")
    #expect(YAMLPreflight.lineOfCompoundKey(Array("\u{FEFF}&a [x]\n? [*a]\n".utf8)) == 2)
    #expect(YAMLPreflight.lineOfCompoundKey(Array("{a: &a-1 x, ? [*a-1,*a-1]: y}".utf8)) == 1)
    #expect(YAMLPreflight.lineOfCompoundKey(Array("{a: &b x, ? [*a-1,*a-1]: y}".utf8)) == nil)
  }

  @Test func columnsCountBytes() {
    let bytes = Array("a: b\näö: c\n".utf8)
    #expect(YAMLColumn.inBytes(of: bytes, line: 1, column: 4) == 4)
    #expect(YAMLColumn.inBytes(of: bytes, line: 2, column: 3) == 5)
    #expect(YAMLColumn.inBytes(of: bytes, line: 9, column: 3) == 1)
  }
}
