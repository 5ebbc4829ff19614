import CZlib
import DiagramImport
import EngineSupport
import Foundation

/// Small draw.io documents for the tests, plain or packed as the tool packs them.
enum DrawIOFixture {
  static func document(_ text: String, name: String = "test.drawio") -> InputDocument {
    InputDocument(name: name, bytes: Array(text.utf8))
  }

  static func model(_ cells: String) -> String {
    "<mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/>\(cells)</root></mxGraphModel>"
  }

  static func file(_ pages: [(name: String, content: String)]) -> InputDocument {
    let diagrams = pages.map {
      "<diagram id=\"\($0.name.lowercased())\" name=\"\($0.name)\">\($0.content)</diagram>\n"
    }
    return document("<mxfile>\n" + diagrams.joined() + "</mxfile>\n")
  }

  /// One page called "Main" with these cells below layer 1.
  static func page(_ cells: String) -> InputDocument { file([("Main", model(cells))]) }

  static func vertex(
    _ id: String, _ label: String, style: String = "html=1;", parent: String = "1", x: Int = 0,
    y: Int = 0, width: Int = 80, height: Int = 40
  ) -> String {
    """
    <mxCell id="\(id)" value="\(label)" style="\(style)" parent="\(parent)" vertex="1">\
    <mxGeometry x="\(x)" y="\(y)" width="\(width)" height="\(height)" as="geometry"/></mxCell>
    """
  }

  static func edge(
    _ id: String, _ label: String = "", from source: String? = nil, to target: String? = nil,
    style: String = "endArrow=classic;html=1;", parent: String = "1", points: String = ""
  ) -> String {
    let ends =
      (source.map { " source=\"\($0)\"" } ?? "") + (target.map { " target=\"\($0)\"" } ?? "")
    return """
      <mxCell id="\(id)" value="\(label)" style="\(style)" parent="\(parent)" edge="1"\(ends)>\
      <mxGeometry relative="1" as="geometry">\(points)</mxGeometry></mxCell>
      """
  }

  /// Percent-encodes, deflates (raw) and encodes in base64, as draw.io does.
  static func packed(_ xml: String) -> String {
    var encoded = ""
    for byte in xml.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2B
      encoded += isPlain ? String(Unicode.Scalar(byte)) : String(format: "%%%02X", byte)
    }
    return base64(deflated(Array(encoded.utf8)))
  }

  static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    unsafe bartizan_deflate_raw_begin(&stream, 9)
    defer { unsafe deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    let capacity = output.count
    let rest = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(capacity)
        unsafe deflate(&stream, Z_FINISH)
        return unsafe Int(stream.avail_out)
      }
    }
    return Array(output[..<(capacity - rest)])
  }

  /// What an import gave: the diagram and everything that was reported on the way.
  struct Outcome {
    var diagram: ImportedDiagram
    var diagnostics: [Diagnostic]

    func codes() -> [String] { diagnostics.map { $0.code.name } }
    func diagnostic(_ code: String) -> Diagnostic? {
      diagnostics.first { $0.code.name == code }
    }
    func row(_ id: String) -> ImportLedger.Row? {
      diagram.ledger.rows.first { $0.id == id }
    }
  }

  static func read(
    _ document: InputDocument, limits: ImportLimits = ImportLimits()
  ) throws -> Outcome {
    var importer = DrawIOImporter()
    importer.limits = limits
    var diagnostics = Diagnostics()
    let diagram = try importer.draft(of: document, reportingTo: &diagnostics)
    return Outcome(diagram: diagram, diagnostics: diagnostics.all)
  }
}
