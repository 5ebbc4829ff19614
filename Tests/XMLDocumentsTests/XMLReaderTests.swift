import EngineSupport
import Testing
import XMLDocuments

@Suite struct XMLReaderTests {
  private func tree(_ text: String, doctype: XMLReader.DoctypePolicy = .refused) throws -> XMLTree {
    try tree(Array(text.utf8), doctype: doctype)
  }

  private func tree(
    _ bytes: [UInt8], doctype: XMLReader.DoctypePolicy = .refused,
    limits: XMLLimits = XMLLimits()
  ) throws -> XMLTree {
    var budget = XMLBudget(limits)
    return try XMLReader.tree(
      of: bytes, from: XMLOrigin(document: "t.xml"), doctype: doctype, budget: &budget)
  }

  private func failure(_ text: String) -> Diagnostic? {
    do {
      _ = try tree(text)
      return nil
    } catch {
      return error as? Diagnostic
    }
  }

  @Test func keepsNamesAttributesTextAndPlaces() throws {
    let text =
      "<?xml version=\"1.0\"?>\n<a x=\"1\n2\">\n  <b\n   y='&lt;&#228;'/>é<c>t<![CDATA[<u>]]>v</c>\n</a>"
    let tree = try tree(text)
    #expect(tree.elements.map(\.name) == ["a", "b", "c"])
    #expect(tree.elements.map(\.line) == [2, 4, 5])
    #expect(tree.elements.map(\.column) == [1, 3, 22])
    #expect(tree.root["x"] == "1 2" && tree[1]["y"] == "<ä" && tree[2].text == "t<u>v")
    #expect(tree.root.text.contains("é"))
    #expect(tree.root.children == [1, 2] && tree.root.subtreeEnd == 3 && tree[2].parent == 0)
  }

  @Test func ampersandsInAttributesComeBackAsWritten() throws {
    let tree = try tree("<a k='&amp;lt; &#38;#38; &amp;#38; &amp;amp; &lt;&quot;'>&amp;#38;</a>")
    #expect(tree.root["k"] == "&lt; &#38; &#38; &amp; <\"")
    #expect(tree.root.text == "&#38;")
  }

  @Test func namesCarryTheirNamespaceSoThatPrefixesCannotDeceive() throws {
    let tree = try tree("<p:a xmlns:p='urn:x' p:k='1'><q:mxCell/><mxCell xmlns='urn:y'/></p:a>")
    #expect(tree.elements.map(\.name) == ["{urn:x}a", "q:mxCell", "{urn:y}mxCell"])
    #expect(tree.root["{urn:x}k"] == "1")
  }

  @Test(arguments: [
    "", " ", "plain", "<a>", "<a></b>", "<a x=1/>", "<a x='1' x='2'/>", "<a/><b/>", "<a>&nope;</a>",
    "<a>&#0;</a>", "<a/>trailing", "<a><!-- -- --></a>", "<a x='<'/>", "<?xml version='1.0'",
    "<a>]]></a>",
  ])
  func refusesWhatIsNotWellFormedWithAPlace(_ text: String) throws {
    let found = try #require(failure(text))
    #expect(["import.xml.malformed", "import.xml.entity"].contains(found.code.name))
    #expect(found.location?.line != nil)
  }

  @Test func errorsStandOnTheirLine() throws {
    let found = try #require(failure("<a>\n <b>\n </c>\n</a>"))
    #expect(found.code == "import.xml.malformed" && found.location?.line == 3)
    #expect(found.description.hasPrefix("t.xml:3:"))
  }

  @Test func refusesEveryDoctype() throws {
    for text in [
      "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
      "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    ] {
      let found = try #require(failure(text))
      #expect(found.code == "import.xml.doctype" && found.location?.line == 1)
    }
  }

  @Test func passesOverThePictureDoctypeButNotItsSubset() throws {
    let policy = XMLReader.DoctypePolicy.passedOver(name: "svg")
    let plain =
      "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://example.invalid/svg11.dtd\"><svg/>"
    #expect(try tree(plain, doctype: policy).root.name == "svg")
    for text in [
      "<!DOCTYPE svg []><svg/>", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
      "<!DOCTYPE mxfile SYSTEM 'a'><mxfile/>", "<!DOCTYPE svg SYSTEM 'a'><svg>&undeclared;</svg>",
      "<!DOCTYPE svg SYSTEM 'a'><svg content='&undeclared;'/>",
    ] {
      #expect(throws: Diagnostic.self) { try tree(text, doctype: policy) }
    }
  }

  @Test func refusesAnEntityBomb() throws {
    var declarations = "<!ENTITY e0 'lol'>"
    for level in 1..<30 {
      declarations += "<!ENTITY e\(level) '&e\(level - 1);&e\(level - 1);&e\(level - 1);'>"
    }
    let found = try #require(failure("<!DOCTYPE a [\(declarations)]><a>&e29;</a>"))
    #expect(found.code == "import.xml.doctype")
  }

  @Test func refusesDepthSizeAndCrowding() throws {
    let deep = String(repeating: "<a>", count: 100_000) + String(repeating: "</a>", count: 100_000)
    #expect(failure(deep)?.code == "import.xml.too-deep")
    let deepest = String(repeating: "<a>", count: 256) + String(repeating: "</a>", count: 256)
    #expect(try tree(deepest).elements.count == 256)
    let crowded = "<a " + (0..<600).map { "k\($0)='' " }.joined() + "/>"
    #expect(failure(crowded)?.code == "import.xml.too-large")
    let names = (0..<300).map { "<b xmlns:n\($0)='urn:\($0)'/>" }.joined()
    #expect(failure("<a>\(names)</a>")?.code == "import.xml.too-large")
    var limits = XMLLimits()
    limits.elements = 10
    limits.textBytes = 20
    limits.documentBytes = 200
    let many = "<a>" + String(repeating: "<b/>", count: 10) + "</a>"
    for text in [
      many, "<a>" + String(repeating: "x", count: 21) + "</a>",
      "<a k='" + String(repeating: "x", count: 21) + "'/>",
      "<a>" + String(repeating: " ", count: 200) + "</a>",
    ] {
      let found = #expect(throws: Diagnostic.self) { try tree(Array(text.utf8), limits: limits) }
      #expect(found?.code == "import.xml.too-large")
    }
  }

  @Test func readsLongTagsAndTextsAtTheEndOfALargeFile() throws {
    let padding = String(repeating: "<b>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</b>", count: 500)
    let filler = "<!--" + String(repeating: "x", count: 5_300_000) + "-->"
    let tag = "<c " + (0..<300).map { "k\($0)='value'" }.joined(separator: " ") + "/>"
    let text = String(repeating: "t", count: 11_000_000)
    let tree = try tree("<a>\(padding)\(filler)\(filler)<d>\(text)</d>\(tag)</a>")
    #expect(tree.elements.count == 503)
    #expect(tree[501].text.utf8.count == 11_000_000 && tree[502]["k299"] == "value")
  }

  @Test func refusesOtherEncodingsNulAndBrokenUTF8() throws {
    let utf16: [UInt8] =
      [0xFF, 0xFE] + "<a/>".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let nulInside: [UInt8] = Array("<a>".utf8) + [0] + Array("</a>".utf8)
    let nulAfter: [UInt8] = Array("<a/>".utf8) + [0] + Array("<b/>".utf8)
    let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a/>".utf8)
    for bytes in [utf16, nulInside, nulAfter, latin] {
      let found = #expect(throws: Diagnostic.self) { try tree(bytes) }
      #expect(found?.code == "import.xml.encoding" && found?.location?.line == 1)
    }
    let broken: [UInt8] = Array("<a>\n".utf8) + [0xC3, 0x28] + Array("</a>".utf8)
    let found = #expect(throws: Diagnostic.self) { try tree(broken) }
    #expect(found?.code == "import.xml.malformed" && found?.location?.line == 2)
    #expect(try tree([0xEF, 0xBB, 0xBF] + Array("<a/>".utf8)).root.name == "a")
  }

  @Test func parsersInSeveralTasksDoNotDisturbEachOther() async {
    let sums = await withTaskGroup(of: Int.self) { group in
      for task in 0..<16 {
        group.addTask {
          let body = (0..<200).map { "<b k='\(task)-\($0)'/>" }.joined()
          var budget = XMLBudget()
          let tree = try? XMLReader.tree(
            of: Array("<a>\(body)\(task % 2 == 0 ? "</a>" : "</z>")".utf8),
            from: XMLOrigin(document: "t"), budget: &budget)
          return tree?.elements.count ?? -1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(sums == 8 * 201 - 8)
  }
}
