import AssessmentPipeline
import EngineSupport
import Testing

/// Wrong input ends in diagnostics that say what and where.
@Suite struct BadInputTests {
  /// The error with `code`, from an assessment that must fail.
  private func failure(
    _ code: Diagnostic.Code, _ change: (inout SampleProduct) -> Void,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> Diagnostic {
    var sample = try SampleProduct()
    change(&sample)
    var found: [Diagnostic] = []
    do {
      _ = try sample.assess(samples: 4)
    } catch let input as BadInput {
      found = input.diagnostics
    } catch let diagnostic as Diagnostic {
      found = [diagnostic]
    }
    return try #require(
      found.first { $0.code == code }, "got \(found)", sourceLocation: sourceLocation)
  }

  @Test func unknownKeysAreNamedWithTheirLine() throws {
    let error = try failure("product.key.unknown") {
      $0.edit("  version: 2.4.1", "  verison: 2.4.1\n  version: 2.4.1")
    }
    #expect(error.message.contains("verison"))
    #expect(error.location?.line == 7)
    #expect(error.hint?.contains("version") == true)
  }

  @Test func anInvertedRangeIsSaid() throws {
    let error = try failure("plan.range.inverted") {
      $0.edit(SampleProduct.plan, "range: [0, 16]", "range: [16, 0]")
    }
    #expect(error.location?.line != nil)
  }

  @Test func unknownComponentsListTheDrawnOnes() throws {
    let error = try failure("product.component.unknown") {
      $0.edit("- drawn: Gateway", "- drawn: Getaway")
    }
    #expect(error.hint?.contains("Gateway") == true)
  }

  @Test func unknownDefencesListTheKnownOnes() throws {
    let error = try failure("product.defence.unknown") {
      $0.edit("name: plausibilityCheck", "name: plausibilityChek")
    }
    #expect(error.hint?.contains("plausibilityCheck") == true)
  }

  @Test func anEntryOfTheWrongFrontIsRefused() throws {
    let error = try failure("product.entry.unknown") { $0.edit("step: approach", "step: exposed") }
    #expect(error.hint?.contains("approach (sensor)") == true)
  }

  @Test func aConsequenceMustFitItsComponent() throws {
    let error = try failure("product.consequence.impossible") {
      $0.edit(
        "kind: loss-of-control\n    component: Dosing pump",
        "kind: loss-of-control\n    component: Gateway")
    }
    #expect(error.message.contains("Gateway"))
  }

  @Test func anUnknownOperatorIsNamedWithItsNode() throws {
    let error = try failure("onnx.operator.unsupported") { sample in
      let bytes = sample.documents[SampleProduct.model]?.bytes ?? []
      let name = Array("MaxPool".utf8)
      let at = bytes.indices.first { bytes[$0...].starts(with: name) } ?? 0
      sample.documents[SampleProduct.model]?.bytes.replaceSubrange(
        at..<at + name.count, with: Array("MinPool".utf8))
    }
    #expect(error.message.contains("MinPool"))
    #expect(error.location?.path?.contains("node") == true)
  }

  @Test func nanInTheEvaluationDataIsFound() throws {
    var images = [Float](repeating: 3, count: 128)
    images[70] = .nan
    let error = try failure("data.value.non-finite") { sample in
      sample.documents[SampleProduct.data]?.bytes = NumPyArchiveFixture.archive(
        images: images, shape: [2, 1, 8, 8], labels: [1, 2])
    }
    #expect(error.message.contains("70"))
    #expect(error.location?.document == SampleProduct.data)
  }

  @Test func aWrongTensorShapeIsShownBesideTheRightOne() throws {
    let error = try failure("data.shape.mismatch") { sample in
      sample.documents[SampleProduct.data]?.bytes = NumPyArchiveFixture.archive(
        images: [Float](repeating: 3, count: 128), shape: [2, 64], labels: [1, 2])
    }
    #expect(error.message.contains("[1, 8, 8]") && error.message.contains("[2, 64]"))
  }

  @Test func valuesOutsideTheSensorsRangeAreRefused() throws {
    let error = try failure("data.value.out-of-range") { sample in
      sample.documents[SampleProduct.data]?.bytes = NumPyArchiveFixture.archive(
        images: [Float](repeating: 17, count: 64), shape: [1, 1, 8, 8], labels: [1])
    }
    #expect(error.message.contains("17"))
  }

  @Test func labelsMustBeClassesOfTheModel() throws {
    let error = try failure("data.label.range") { sample in
      sample.documents[SampleProduct.data]?.bytes = NumPyArchiveFixture.archive(
        images: [Float](repeating: 1, count: 64), shape: [1, 1, 8, 8], labels: [10])
    }
    #expect(error.message.contains("10"))
  }

  @Test func aTruncatedDrawingIsLocated() throws {
    let error = try failure("import.xml.malformed") { sample in
      sample.documents[SampleProduct.drawing]?.bytes.removeLast(4_000)
    }
    #expect(error.location?.line != nil)
  }

  @Test(arguments: [
    "", "[1, 2]", "format: 2", "format: 1", "format: 1\nformat: 1", "a: &x [1]\nb: *x", "\t",
    "format: 1\nproduct: {name: x, version: 1}\ndiagrams: []", "{", "!!binary x",
  ])
  func otherYAMLEndsInADiagnostic(_ text: String) {
    var diagnostics = Diagnostics()
    #expect(throws: Diagnostic.self) {
      try ProductFile(
        reading: InputDocument(name: "p.yaml", bytes: Array(text.utf8)), reportingTo: &diagnostics)
    }
  }

  @Test func everyPrefixAndManyFlipsOfTheProductFileEndInDiagnostics() throws {
    let bytes = try SampleProduct().product.bytes
    var outcomes = (good: 0, bad: 0)
    func read(_ bytes: [UInt8]) {
      var diagnostics = Diagnostics()
      let file = try? ProductFile(
        reading: InputDocument(name: "p.yaml", bytes: bytes), reportingTo: &diagnostics)
      if file != nil, !diagnostics.hasErrors { outcomes.good += 1 } else { outcomes.bad += 1 }
    }
    for count in stride(from: 0, to: bytes.count, by: 7) { read(Array(bytes.prefix(count))) }
    var random = SeededRandom(seed: 20_261_121)
    for _ in 0..<500 {
      var flipped = bytes
      flipped[random.index(below: bytes.count)] ^= UInt8(1 << random.index(below: 8))
      read(flipped)
    }
    #expect(outcomes.bad > 500 && outcomes.good > 0)
  }
}
