import ArchitectureModel
import DiagramImport
import EngineSupport
import Foundation
import Testing

/// What every importer in the list must hold, whatever its format.
@Suite struct DiagramImporterContractTests {
  /// Small sound documents, by the name of the format they belong to.
  private static let fixtures: [String: [InputDocument]] = [
    "drawio": [
      DrawIOFixture.page(
        DrawIOFixture.vertex("a", "A") + DrawIOFixture.vertex("b", "B", x: 200)
          + DrawIOFixture.edge("e", "HTTP", from: "a", to: "b")),
      DrawIOFixture.document(
        DrawIOFixture.model(DrawIOFixture.vertex("a", "A")), name: "model.xml"),
    ]
  ]

  @Test func theListNamesEveryImporterFileInOrder() throws {
    let folder = Corpus.packageRoot.appending(path: "Sources/DiagramImport/Importers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let listed = DiagramImporters.all.map { "\($0).swift" }
    #expect(listed == files.sorted())
  }

  @Test func formatsHaveDistinctNamesAndFixtures() {
    let names = DiagramImporters.all.map { $0.format.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(Self.fixtures[name]?.isEmpty == false, "no fixture for \(name)") }
  }

  @Test func eachRecognisesItsOwnFixturesOnly() {
    for importer in DiagramImporters.all {
      for (format, documents) in Self.fixtures {
        for document in documents {
          let isRecognised = importer.recognizes(document)
          #expect(isRecognised == (format == importer.format.name))
        }
      }
      for text in ["", "{}", "<html><body/></html>", "<svg/>", "%PDF-1.7", "<"] {
        let isRecognised = importer.recognizes(
          InputDocument(name: "other", bytes: Array(text.utf8)))
        #expect(!isRecognised, "\(text)")
      }
    }
  }

  @Test func soundFixturesReconcileAndEveryElementHasAPlace() throws {
    for document in Self.fixtures.values.joined() {
      var diagnostics = Diagnostics()
      let diagram = try DiagramImporters.importDiagram(document, reportingTo: &diagnostics)
      #expect(!diagnostics.hasErrors && diagram.discrepancies().isEmpty)
      #expect(!diagram.draft.shapes.isEmpty)
      let places = diagram.draft.shapes.map(\.location) + diagram.draft.lines.map(\.location)
      #expect(
        places.allSatisfy { $0.document == document.name && $0.line != nil && $0.path != nil })
      var again = Diagnostics()
      let second = try DiagramImporters.importDiagram(document, reportingTo: &again)
      #expect(second.ledger == diagram.ledger)
      #expect(String(describing: second.draft) == String(describing: diagram.draft))
    }
  }

  @Test func truncationsEndInSuccessOrADiagnostic() throws {
    for document in Self.fixtures.values.joined() {
      for count in 0..<document.bytes.count {
        var diagnostics = Diagnostics()
        let prefix = InputDocument(name: document.name, bytes: Array(document.bytes[..<count]))
        do {
          let diagram = try DiagramImporters.importDiagram(prefix, reportingTo: &diagnostics)
          #expect(diagram.discrepancies().isEmpty)
        } catch {
          #expect(error.location?.document == document.name)
        }
      }
    }
  }

  @Test func unknownFormatsAreAClearError() {
    var diagnostics = Diagnostics()
    let found = #expect(throws: Diagnostic.self) {
      try DiagramImporters.importDiagram(
        InputDocument(name: "a.png", bytes: [0x89, 0x50]), reportingTo: &diagnostics)
    }
    #expect(found?.code == "import.format.unknown" && found?.location?.line == 1)
    #expect(found?.hint?.contains("draw.io") == true)
  }
}
