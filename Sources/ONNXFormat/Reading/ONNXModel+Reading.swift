public import EngineSupport
import SwiftProtobuf

/// ONNX bytes into a checked model: sizes, versions and everything the engine does not carry are settled
/// here, before any later stage looks at a node.
///
/// Source: Open Neural Network Exchange intermediate representation specification, IR versions 3 to 11.
extension ONNXModel {
  /// What a file may take up; more is refused before it is decoded.
  public struct Limits: Sendable, Hashable {
    public var fileBytes: Int
    /// Nodes, inputs, outputs and constants of the graph together with their attributes and names.
    public var records: Int

    public init(fileBytes: Int = 512 << 20, records: Int = 1_000_000) {
      self.fileBytes = fileBytes
      self.records = records
    }
  }

  static let supportedIRVersions = 3...11
  static let supportedOpsets = ["": 7...22, "ai.onnx.ml": 1...5]
  /// Graphs, nodes and attributes nest: a sub-graph lies three messages deeper than its graph.
  static let messageDepthLimit = 64

  /// Reads a model.
  ///
  /// Throws `onnx.malformed` for bytes that are no ONNX file, `onnx.limit` for too much of something,
  /// `onnx.ir.unsupported`, `onnx.opset.missing` and `onnx.opset.unsupported` for versions,
  /// `onnx.tensor.*`, `onnx.attribute.*`, `onnx.function.*`, `onnx.name.*`, `onnx.value.*` and
  /// `onnx.external-data.*` with the node or constant as the path, and `onnx.training.unsupported` for a part
  /// of the format that is known and not read.
  public init(
    reading document: InputDocument, limits: Limits = Limits(), external: ExternalData = .none
  ) throws(Diagnostic) {
    let location = SourceLocation(document: document.name)
    guard document.bytes.count <= limits.fileBytes else {
      throw Diagnostic(
        "onnx.limit", "\(document.bytes.count) bytes; at most \(limits.fileBytes) are read",
        at: location)
    }
    var census = WireCensus(bytes: document.bytes, limit: limits.records)
    try census.check(at: location)
    let wire = try Self.decoded(document, at: location)

    guard Self.supportedIRVersions.contains(Int(wire.irVersion)) else {
      throw Diagnostic(
        "onnx.ir.unsupported",
        "IR version \(wire.irVersion); \(Self.supportedIRVersions.lowerBound) to "
          + "\(Self.supportedIRVersions.upperBound) are read", at: location)
    }
    guard wire.trainingInfo.isEmpty else {
      throw Diagnostic(
        "onnx.training.unsupported", "the model carries training information, which is not read",
        at: location, hint: "export the model for inference")
    }
    let opsets = try Self.opsets(wire.opsetImport, at: location)
    guard wire.hasGraph else {
      throw Diagnostic("onnx.malformed", "the model has no graph", at: location)
    }
    var metadata: [Metadata] = []
    for entry in wire.metadataProps {
      metadata.append(Metadata(key: entry.key, value: entry.value))
    }
    let reader = ONNXGraphReader(
      document: document.name, opsets: opsets,
      functions: try FunctionInliner(wire.functions, document: document.name),
      external: ExternalDocuments(external))
    self.init(
      irVersion: Int(wire.irVersion), producer: wire.producerName, opsets: opsets,
      graph: try reader.graph(wire.graph, path: "", outer: []))
    producerVersion = wire.producerVersion
    domain = wire.domain
    modelVersion = Int(wire.modelVersion)
    documentation = wire.docString
    self.metadata = metadata
  }

  private static func decoded(
    _ document: InputDocument, at location: SourceLocation
  ) throws(Diagnostic) -> WireModel {
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = messageDepthLimit
    options.discardUnknownFields = true
    do {
      return try WireModel(serializedBytes: document.bytes, options: options)
    } catch {
      let reason =
        switch error as? BinaryDecodingError {
        case .truncated: "the file ends too early"
        case .invalidUTF8: "a name is not UTF-8"
        case .messageDepthLimit: "messages nest too deep"
        default: "the bytes are not those of a protocol buffer"
        }
      throw Diagnostic("onnx.malformed", "not a readable ONNX file: \(reason)", at: location)
    }
  }

  /// `ai.onnx` is another spelling of the default domain.
  static func canonicalDomain(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

  static func opsets(
    _ imports: [WireOperatorSetId], at location: SourceLocation
  ) throws(Diagnostic) -> [String: Int] {
    var opsets: [String: Int] = [:]
    for item in imports {
      let domain = canonicalDomain(item.domain)
      // Some exporters write the same line twice; two versions of one domain would be two meanings.
      let known = opsets.updateValue(Int(item.version), forKey: domain)
      guard known == nil || known == Int(item.version) else {
        throw Diagnostic(
          "onnx.malformed", "the operator set \"\(item.domain)\" is imported in two versions",
          at: location)
      }
    }
    guard !opsets.isEmpty else {
      throw Diagnostic(
        "onnx.opset.missing", "the model does not import any operator set", at: location)
    }
    // A model may get by without the default domain; a node that needs it is checked where it stands.
    for (domain, supported) in supportedOpsets.sorted(by: { $0.key < $1.key }) {
      guard let version = opsets[domain], !supported.contains(version) else { continue }
      throw Diagnostic(
        "onnx.opset.unsupported",
        "operator set \(domain.isEmpty ? "ai.onnx" : domain) \(version); \(supported.lowerBound) to "
          + "\(supported.upperBound) are read", at: location,
        hint: "convert the model with onnx.version_converter")
    }
    return opsets
  }
}
