import ArchitectureModel
import DiagramImport
import EngineSupport
import Testing

/// Bombs, damage and nonsense: each ends in success or a located diagnostic.
@Suite struct DrawIOHostileInputTests {
  typealias Fixture = DrawIOFixture

  private func failure(
    _ document: InputDocument, limits: ImportLimits = ImportLimits()
  ) -> Diagnostic? {
    do {
      _ = try Fixture.read(document, limits: limits)
      return nil
    } catch {
      return error as? Diagnostic
    }
  }

  private func packedPage(_ text: String) -> InputDocument { Fixture.file([("One", text)]) }

  @Test func aDeflateBombIsStoppedAtTheLimit() throws {
    // 100 MB of blanks in 100 KB, against the default limits.
    let bomb = Fixture.deflated([UInt8](repeating: 0x20, count: 100_000_000))
    let found = try #require(failure(packedPage(base64(bomb))))
    #expect(found.code == "import.deflate.too-large")
    #expect(found.location?.line == 2 && found.location?.path?.hasPrefix("page \"One\"") == true)
  }

  @Test func manyMediumPagesRunIntoTheTotalLimit() throws {
    let blanks = "<mxGraphModel>" + String(repeating: " ", count: 25_000) + "</mxGraphModel>"
    let page = base64(Fixture.deflated(Array(blanks.utf8)))
    var limits = ImportLimits()
    limits.inflatedPageBytes = 32_000
    limits.inflatedTotalBytes = 64_000
    let found = try #require(
      failure(Fixture.file([("One", page), ("Two", page), ("Three", page)]), limits: limits))
    #expect(found.code == "import.deflate.too-large" && found.location?.line == 4)
  }

  @Test(arguments: [
    ("not base64!", "import.base64.malformed"), ("AAAA", "import.deflate.malformed"),
    ("Zg=", "import.base64.malformed"),
  ])
  func brokenPageTexts(_ text: String, _ code: String) throws {
    let found = try #require(failure(packedPage(text)))
    #expect(found.code.name == code && found.location?.line == 2)
  }

  @Test func brokenInnerEncodings() throws {
    let percent = try #require(failure(packedPage(base64(Fixture.deflated(Array("%3".utf8))))))
    #expect(percent.code == "import.percent.malformed")
    let bytes = try #require(failure(packedPage(base64(Fixture.deflated([0xFF, 0xFE])))))
    #expect(bytes.code == "import.percent.malformed")
    let xml = try #require(failure(packedPage(Fixture.packed("<mxGraphModel>\n<root>"))))
    #expect(xml.code == "import.xml.malformed" && xml.location?.line == 2)
    #expect(xml.location?.path?.contains("decoded line 2") == true)
    let doctype = try #require(
      failure(packedPage(Fixture.packed("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"))))
    #expect(doctype.code == "import.xml.doctype")
    let nul = try #require(failure(packedPage(Fixture.packed("<mxGraphModel/>\0"))))
    #expect(nul.code == "import.xml.encoding")
  }

  @Test func aVeryLongBase64TextIsReadInLinearTime() throws {
    let found = try #require(failure(packedPage(String(repeating: "A", count: 2_000_000))))
    #expect(found.code == "import.deflate.malformed")
  }

  private var plainFixture: InputDocument {
    Fixture.page(
      Fixture.vertex("z", "Zone &lt;b&gt;1&lt;/b&gt;", style: "swimlane;", width: 400, height: 300)
        + "<object id=\"o\" label=\"%n%\" n=\"PLC\" placeholders=\"1\"><mxCell parent=\"z\" vertex=\"1\"/></object>"
        + Fixture.vertex("b", "HMI", x: 90, y: 90) + Fixture.edge("e", "Modbus", from: "o", to: "b")
        + Fixture.vertex("l", "TCP", style: "edgeLabel;", parent: "e"))
  }

  private var packedFixture: InputDocument {
    Fixture.file([
      (
        "One",
        Fixture.packed(
          Fixture.model(
            Fixture.vertex("a", "A") + Fixture.vertex("b", "B", x: 200)
              + Fixture.edge("e", from: "a", to: "b")))
      )
    ])
  }

  @Test func everyTruncationEndsInALocatedDiagnostic() throws {
    for fixture in [plainFixture, packedFixture] {
      #expect(try Fixture.read(fixture).diagram.discrepancies().isEmpty)
      // The final line feed is no part of the document.
      for count in 0..<(fixture.bytes.count - 1) {
        let found = try #require(
          failure(InputDocument(name: fixture.name, bytes: Array(fixture.bytes[..<count]))),
          "a prefix of \(count) bytes was accepted")
        #expect(found.location?.line != nil)
      }
    }
  }

  @Test func singleByteFlipsEndInSuccessOrADiagnostic() throws {
    let seed: UInt64 = 20_261_121
    for (number, fixture) in [plainFixture, packedFixture].enumerated() {
      var random = SeededRandom(seed: seed).stream("flips", number)
      for flip in 0..<1000 {
        var bytes = fixture.bytes
        let position = random.index(below: bytes.count)
        bytes[position] ^= UInt8(1 + random.index(below: 255))
        do {
          let outcome = try Fixture.read(InputDocument(name: fixture.name, bytes: bytes))
          #expect(
            outcome.diagram.discrepancies().isEmpty,
            "seed \(seed), fixture \(number), flip \(flip) at byte \(position)")
        } catch let found as Diagnostic {
          #expect(found.location?.line != nil, "seed \(seed), flip \(flip): \(found)")
        }
      }
    }
  }

  @Test func theSameBytesGiveTheSameDraft() throws {
    for fixture in [plainFixture, packedFixture] {
      let one = try Fixture.read(fixture)
      let two = try Fixture.read(fixture)
      #expect(one.diagram.ledger == two.diagram.ledger && one.diagnostics == two.diagnostics)
      #expect(String(describing: one.diagram.draft) == String(describing: two.diagram.draft))
    }
  }

  @Test func stackedRectanglesStopAtTheComparisonLimit() throws {
    let stack = (0..<3000).map {
      Fixture.vertex("v\($0)", "V\($0)", x: $0 % 7, y: $0 % 5, width: 500, height: 500)
    }
    var limits = ImportLimits()
    limits.comparisons = 100_000
    let outcome = try Fixture.read(Fixture.page(stack.joined()), limits: limits)
    #expect(outcome.diagram.draft.shapes.count == 3000)
    #expect(outcome.codes().contains("import.drawio.geometry-limit"))
  }

  private func base64(_ bytes: [UInt8]) -> String { Fixture.base64(bytes) }
}
