import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore

/// An inspected model as text for people and as JSON for programs.
struct ModelReport {
  private let model: ONNXModel
  private let inspection: ModelInspection
  private let digest: ContentDigest
  private let file: String
  private let bytes: Int

  init(
    _ model: ONNXModel, inspection: ModelInspection, digest: ContentDigest, file: String,
    bytes: Int
  ) {
    self.model = model
    self.inspection = inspection
    self.digest = digest
    self.file = file
    self.bytes = bytes
  }

  private var opsets: [(domain: String, version: Int)] {
    model.opsets.map { ($0.key.isEmpty ? "ai.onnx" : $0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  private var abilities: [(String, ModelInspection.Ability)] {
    [
      ("run", inspection.canRun), ("planned", inspection.canPlan),
      ("differentiated", inspection.canDifferentiate), ("bounded", inspection.canBound),
    ]
  }

  private static func type(_ value: ONNXValue) -> String {
    guard value.kind == .tensor else { return value.kind.rawValue }
    return "\(ElementType.onnxName(value.elementType)) [\(lengths(value).joined(separator: ", "))]"
  }

  private static func lengths(_ value: ONNXValue) -> [String] {
    value.shape?.map { dimension in
      switch dimension {
      case .fixed(let length): "\(length)"
      case .dynamic(let name): name ?? "?"
      }
    } ?? ["…"]
  }

  var text: String {
    var lines = [
      "model            \(file)", "SHA-256          \(digest.hexadecimal)",
      "bytes            \(bytes)",
    ]
    let producer = [model.producer, model.producerVersion].filter { !$0.isEmpty }
    lines.append(
      "producer         \(producer.isEmpty ? "not given" : producer.joined(separator: " "))")
    lines.append("IR version       \(model.irVersion)")
    lines.append(
      "operator sets    \(opsets.map { "\($0.domain) \($0.version)" }.joined(separator: ", "))")
    if model.modelVersion != 0 || !model.domain.isEmpty {
      lines.append(
        "model version    \(model.modelVersion) of \(model.domain.isEmpty ? "no domain" : model.domain)"
      )
    }
    for entry in model.metadata { lines.append("metadata         \(entry.key) = \(entry.value)") }
    for input in model.graph.inputs {
      lines.append("input            \(input.name): \(Self.type(input))")
    }
    for output in model.graph.outputs {
      lines.append("output           \(output.name): \(Self.type(output))")
    }
    lines.append("parameters       \(inspection.parameterCount)")
    for row in ModelContents(of: model).rows {
      lines.append("\(row.label.padding(to: 16)) \(row.count)")
    }
    lines.append(
      "multiply-adds    \(inspection.multiplyAdds.map { "\($0) for one sample" } ?? "not known without a plan")"
    )
    for use in inspection.operators {
      let name = use.domain.isEmpty ? use.operation : "\(use.domain) \(use.operation)"
      let note =
        use.capabilities.map { can in
          [(can.hasGradient, "no gradient"), (can.hasInterval, "no interval")]
            .filter { !$0.0 }.map(\.1).joined(separator: ", ")
        } ?? "not supported"
      lines.append("operator         \(name) × \(use.count)\(note.isEmpty ? "" : " (\(note))")")
    }
    for (name, ability) in abilities {
      let label = "can be \(name)".padding(to: 24)
      switch ability {
      case .yes: lines.append("\(label) yes")
      case .no(let reason): lines.append("\(label) no: \(reason.message) [\(reason.code.name)]")
      }
    }
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    func value(_ value: ONNXValue) -> JSONValue {
      .object([
        ("name", .string(value.name)), ("kind", .string(value.kind.rawValue)),
        ("type", .string(ElementType.onnxName(value.elementType))),
        ("shape", value.shape == nil ? .null : .strings(Self.lengths(value))),
      ])
    }
    return .object([
      ("file", .string(file)), ("sha256", .string(digest.hexadecimal)), ("bytes", .integer(bytes)),
      ("producer", .string(model.producer)), ("producerVersion", .string(model.producerVersion)),
      ("irVersion", .integer(model.irVersion)),
      ("opsets", .object(opsets.map { ($0.domain, .integer($0.version)) })),
      (
        "metadata",
        .array(
          model.metadata.map {
            .object([("key", .string($0.key)), ("value", .string($0.value))])
          })
      ),
      ("inputs", .array(model.graph.inputs.map(value))),
      ("outputs", .array(model.graph.outputs.map(value))),
      ("parameters", .integer(inspection.parameterCount)),
      (
        "contents",
        .object(ModelContents(of: model).rows.map { ($0.key, .integer($0.count)) })
      ),
      ("multiplyAdds", inspection.multiplyAdds.map { .integer($0) } ?? .null),
      (
        "operators",
        .array(
          inspection.operators.map { use in
            .object([
              ("domain", .string(use.domain)), ("operator", .string(use.operation)),
              ("count", .integer(use.count)), ("supported", .bool(use.capabilities != nil)),
              ("gradient", .bool(use.capabilities?.hasGradient == true)),
              ("interval", .bool(use.capabilities?.hasInterval == true)),
            ])
          })
      ),
      (
        "canBe",
        .object(
          abilities.map { name, ability in
            switch ability {
            case .yes: (name, .object([("answer", .bool(true))]))
            case .no(let reason):
              (
                name,
                .object([
                  ("answer", .bool(false)), ("code", .string(reason.code.name)),
                  ("reason", .string(reason.message)),
                  ("place", .string(reason.location?.description ?? file)),
                ])
              )
            }
          })
      ),
    ])
  }
}

extension String {
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
