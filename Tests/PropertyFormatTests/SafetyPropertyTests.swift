import EngineSupport
import Foundation
import PropertyFormat
import Testing

/// VNN-LIB 1.0 as written by hand and as the corpus has it.
@Suite struct SafetyPropertyTests {
  private static let declarations = """
    (declare-const X_0 Real)
    (declare-const X_1 Real) ; two inputs
    (declare-const Y_0 Real)
    (declare-const Y_1 Real)

    """

  private func property(_ text: String) throws -> SafetyProperty {
    try SafetyProperty(
      reading: InputDocument(name: "p.vnnlib", bytes: Array((Self.declarations + text).utf8)))
  }

  private func code(of text: String) -> Diagnostic? {
    do {
      _ = try property(text)
      return nil
    } catch { return error as? Diagnostic }
  }

  @Test func boundsBecomeABoxAndTheRestConstraints() throws {
    let read = try property(
      """
      (assert (<= X_0 0.5)) (assert (>= X_0 -1)) (assert (<= 0.25 X_1))
      (assert (>= 3e0 X_1))
      (assert (<= (+ (* 2 Y_0) (- Y_1) 1.5) (- X_0 4)))
      """)
    #expect(read.inputCount == 2 && read.outputCount == 2 && read.cases.count == 1)
    let item = read.cases[0]
    #expect(item.least[0] == SafetyProperty.Bound(below: -1, above: -1))
    #expect(item.most[0] == SafetyProperty.Bound(below: 0.5, above: 0.5))
    #expect(item.least[1].below == 0.25 && item.least[1].above == 0.25)
    // An exponent is not looked into: the bound is widened to be safe.
    #expect(item.most[1].below < 3 && item.most[1].above > 3)
    let constraint = try #require(item.constraints.first)
    #expect(item.constraints.count == 1 && constraint.location.line == 7)
    #expect(constraint.inputs.map(\.index) == [0] && constraint.inputs[0].coefficient == -1)
    #expect(constraint.outputs.map(\.coefficient) == [2, -1] && constraint.constant == 5.5)
  }

  @Test func decimalsThatAreNoDoubleAreHeldBetweenTwo() throws {
    let item = try property("(assert (<= X_0 0.1)) (assert (>= X_0 .1)) (assert (<= X_1 1.))")
      .cases[0]
    #expect(item.most[0].below < 0.1 && item.most[0].above > 0.1)
    #expect(item.least[0] == item.most[0])
    #expect(item.most[1] == SafetyProperty.Bound(below: 1, above: 1))
    #expect(item.least[1].below == -.infinity && item.least[1].above == -.infinity)
  }

  @Test func disjunctionsOfInputsAndOutputsMultiply() throws {
    let read = try property(
      """
      (assert (or (and (<= X_0 1) (>= X_0 0)) (and (<= X_0 3) (>= X_0 2))))
      (assert (or (<= Y_0 Y_1) (and (<= Y_1 0) (>= Y_1 -1)) (>= Y_0 7)))
      """)
    #expect(read.cases.count == 6)
    #expect(read.cases.map(\.constraints.count) == [1, 2, 1, 1, 2, 1])
    #expect(read.cases.map { $0.least[0].below } == [0, 0, 0, 2, 2, 2])
    // The tighter of two bounds counts.
    let tight = try property("(assert (and (<= X_0 2) (<= X_0 1) (<= X_0 3)))")
    #expect(tight.cases[0].most[0].above == 1)
  }

  @Test(arguments: [
    ("(assert (<= X_7 1))", "vnnlib.undeclared"), ("(assert (< X_0 1))", "vnnlib.unsupported"),
    ("(assert (<= (* X_0 X_1) 1))", "vnnlib.not-linear"),
    ("(assert (<= X_0 1)", "vnnlib.malformed"),
    ("(assert (<= X_0 1)))", "vnnlib.malformed"), ("(assert (<= X_0 nan))", "vnnlib.number"),
    ("(assert (<= X_0 1e999))", "vnnlib.number"), ("(assert (<= X_0 0x10))", "vnnlib.number"),
    ("(assert (and))", "vnnlib.malformed"), ("(declare-const X_0 Real)", "vnnlib.duplicate"),
    ("(declare-const X_3 Real)", "vnnlib.malformed"),
    ("(declare-const Z Real)", "vnnlib.unsupported"),
    ("(declare-const X_2 Int)", "vnnlib.unsupported"), ("(push 1)", "vnnlib.unsupported"),
    ("(vnnlib-version <2.0>)", "vnnlib.unsupported"), ("assert", "vnnlib.malformed"),
    ("(assert (<= (* 1e200 1e200 X_0) 1))", "vnnlib.number"),
  ])
  func wrongInputIsLocated(_ text: String, _ expected: String) throws {
    let diagnostic = try #require(code(of: text), "\(text) is accepted")
    #expect(diagnostic.code.name == expected, "\(diagnostic)")
    #expect(diagnostic.location?.document == "p.vnnlib")
  }

  @Test func hostileSizesAreRefusedBeforeTheyCost() throws {
    let deep = String(repeating: "(and ", count: 100_000)
    #expect(code(of: "(assert \(deep)")?.code == "vnnlib.too-deep")
    let doubling = String(repeating: "(assert (or (<= X_0 1) (<= X_1 1)))\n", count: 40)
    #expect(code(of: doubling)?.code == "vnnlib.too-large")
    let unlisted = SafetyProperty.Bound(below: 0, above: 0)
    #expect(unlisted.below == 0)
  }

  /// Every prefix and many mutations of the corpus files end in a value or a located diagnostic.
  @Test func damagedFilesNeverCrash() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared/corpus/vnnlib/vnncomp2021")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard !names.isEmpty else {
      print("skipped: the corpus is not beside this checkout")
      return
    }
    let seed: UInt64 = 5
    var random = SeededRandom(seed: seed)
    var read = 0
    for name in names.sorted() where name.hasSuffix(".vnnlib") {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      let whole = try SafetyProperty(reading: InputDocument(name: name, bytes: bytes))
      #expect(whole.inputCount == 5 && whole.outputCount == 5 && !whole.cases.isEmpty)
      read += 1
      for length in stride(from: 0, to: bytes.count, by: 7) {
        survive(Array(bytes[..<length]), name)
      }
      for _ in 0..<200 {
        var mutated = bytes
        for _ in 0...random.index(below: 4) {
          let place = random.index(below: mutated.count)
          switch random.index(below: 3) {
          case 0: mutated[place] = UInt8(truncatingIfNeeded: random.next())
          case 1: mutated.remove(at: place)
          default: mutated.insert(contentsOf: Array("()<=-0.5e; X_1".utf8), at: place)
          }
        }
        survive(mutated, "\(name), seed \(seed)")
      }
    }
    #expect(read == 10)
  }

  private func survive(_ bytes: [UInt8], _ name: String) {
    do {
      let property = try SafetyProperty(reading: InputDocument(name: name, bytes: bytes))
      #expect(property.inputCount > 0)
    } catch {
      #expect(error.location?.document == name)
    }
  }
}
