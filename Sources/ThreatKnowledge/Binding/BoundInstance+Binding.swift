public import ArchitectureModel
public import EngineSupport
public import ThreatLanguage

extension BoundInstance {
  /// Which defences are said to be in place, with their probabilities (0…1): by index of component, flow and zone.
  public struct DefenseStatements: Sendable {
    public var components: [Int: [String: Double]] = [:]
    public var flows: [Int: [String: Double]] = [:]
    public var zones: [Int: [String: Double]] = [:]
    public var conduits: [Int: [String: Double]] = [:]

    public init() {}

    public mutating func state(_ defense: String, at probability: Double, of place: Place) {
      switch place {
      case .component(let index): components[index, default: [:]][defense] = probability
      case .flow(let index): flows[index, default: [:]][defense] = probability
      case .zone(let index): zones[index, default: [:]][defense] = probability
      case .conduit(let index): conduits[index, default: [:]][defense] = probability
      }
    }
  }

  /// Something of an architecture that became an asset.
  public enum Place: Sendable, Hashable {
    case component(Int)
    case flow(Int)
    case zone(Int)
    case conduit(Int)
  }

  /// `nil` for a line that only stands for a relation.
  public func asset(of place: Place) -> Int? {
    switch place {
    case .component(let index): assetOfComponent[index]
    case .flow(let index): assetOfFlow[index]
    case .zone(let index): assetOfZone[index]
    case .conduit(let index): assetOfConduit[index]
    }
  }

  /// Applies the binding table to an architecture; the same architecture gives the same model.
  ///
  /// Reports `architecture.protocol.unknown`, a warning, where the product file or an attribute `protocol` of a line
  /// names a protocol that the table does not have.
  public init(
    binding architecture: ArchitectureGraph, defenses: DefenseStatements,
    in language: CompiledLanguage, reportingTo diagnostics: inout Diagnostics
  ) {
    var binder = Binder(architecture, defenses, language)
    self = binder.bind(reportingTo: &diagnostics)
  }

  /// The protocol row of each flow and where the protocol is named; `nil` where nothing names a known one.
  public static func protocolRow(
    of flow: ArchitectureGraph.DataFlow, reportingTo diagnostics: inout Diagnostics
  ) -> (row: BindingTable.ProtocolRow, namedIn: String)? {
    let said: [(text: String?, place: String, isStatement: Bool, location: SourceLocation)] = [
      (
        flow.declaration?.protocolName, "product file", true,
        flow.declaration?.location ?? flow.drawn.location
      ),
      (
        flow.attributes.first { $0.name.lowercased() == "protocol" }?.value,
        "attribute \"protocol\"", true, flow.drawn.location
      ),
      (flow.label, "label", false, flow.drawn.location),
    ]
    for (text, place, isStatement, location) in said {
      guard let text, !text.isEmpty else { continue }
      if let row = BindingTable.protocolRow(namedIn: text) {
        return (row, "\(place) \"\(text)\"")
      }
      if isStatement {
        diagnostics.report(
          Diagnostic(
            .warning, "architecture.protocol.unknown",
            "\"\(text)\" is no protocol of the binding table", at: location,
            hint: NearestName.hint(for: text, among: BindingTable.protocols.flatMap(\.names))
              ?? "the line is treated as one of which nothing is known"))
      }
    }
    return nil
  }
}
