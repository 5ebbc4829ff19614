public import EngineSupport

/// Something essential that a descriptor leaves unsaid; each becomes a finding.
///
/// The format itself demands none of it: an empty model card is valid CycloneDX.
public struct LineageGap: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case noModel = "no-model"
    case noModelCard = "no-model-card"
    case modelHash = "model-hash"
    case modelLicence = "model-licence"
    case noDataSet = "no-data-set"
    case dataHash = "data-hash"
    case dataLicence = "data-licence"
    case dataSource = "data-source"
    case split = "split"
    case intendedUse = "intended-use"
    case limits = "limits"
    case metric = "metric"
    case danglingReference = "dangling-reference"
  }

  public var kind: Kind
  /// The model or data set, for people.
  public var subject: String
  public var message: String
  /// The element that should say it.
  public var location: SourceLocation
}

extension Lineage {
  /// What is missing, in document order: models, then data sets, then references.
  ///
  /// The split has no member of its own in CycloneDX; it counts as said when the model, its card or a data
  /// set it uses has a property with `split` among the parts of its name (`split`, `bartizan:split:test`).
  public func gaps() -> [LineageGap] {
    var gaps: [LineageGap] = []
    if models.isEmpty {
      gaps.append(
        LineageGap(
          kind: .noModel, subject: formatVersion.location.document,
          message: "the descriptor names no machine-learning model",
          location: SourceLocation(document: formatVersion.location.document)))
    }
    for model in models { gaps += self.gaps(of: model) }
    for dataSet in dataSets { gaps += self.gaps(of: dataSet) }
    for reference in danglingReferences {
      gaps.append(
        LineageGap(
          kind: .danglingReference, subject: reference.value,
          message: "the reference \"\(reference.value)\" leads nowhere",
          location: reference.location))
    }
    return gaps
  }

  private func gaps(of model: ModelDescriptor) -> [LineageGap] {
    var gaps: [LineageGap] = []
    func demand(_ isSaid: Bool, _ kind: LineageGap.Kind, _ what: String, _ place: SourceLocation) {
      guard !isSaid else { return }
      gaps.append(
        LineageGap(
          kind: kind, subject: model.name.value,
          message: "the model \"\(model.name.value)\" \(what)", location: place))
    }
    demand(
      model.hashes.hasSHA256 || model.externalReferences.contains { $0.hashes.hasSHA256 },
      .modelHash, "declares no SHA-256 hash", model.location)
    demand(!model.licences.isEmpty, .modelLicence, "declares no licence", model.location)
    guard let card = model.card else {
      demand(false, .noModelCard, "has no model card", model.location)
      return gaps
    }
    let place = card.location
    demand(!card.dataSets.isEmpty, .noDataSet, "names no data set", place)
    demand(saysSplit(model, card), .split, "does not say how its data were split", place)
    demand(!card.useCases.isEmpty, .intendedUse, "states no intended use", place)
    demand(!card.limitations.isEmpty, .limits, "states no technical limitation", place)
    demand(card.metrics.contains { $0.value != nil }, .metric, "reports no metric", place)
    return gaps
  }

  private func gaps(of dataSet: DataSetDescriptor) -> [LineageGap] {
    var gaps: [LineageGap] = []
    func demand(_ isSaid: Bool, _ kind: LineageGap.Kind, _ what: String) {
      guard !isSaid else { return }
      gaps.append(
        LineageGap(
          kind: kind, subject: dataSet.title, message: "the data set \"\(dataSet.title)\" \(what)",
          location: dataSet.location))
    }
    demand(
      dataSet.hashes.hasSHA256 || dataSet.externalReferences.contains { $0.hashes.hasSHA256 },
      .dataHash,
      dataSet.origin == .component
        ? "declares no SHA-256 hash" : "cannot declare a hash: it is described in a model card only"
    )
    demand(!dataSet.licences.isEmpty, .dataLicence, "declares no licence")
    demand(!dataSet.sources.isEmpty, .dataSource, "names no source")
    return gaps
  }

  private func saysSplit(_ model: ModelDescriptor, _ card: ModelCard) -> Bool {
    var properties = model.properties
    for use in card.dataSets {
      if case .described(let index) = use.target { properties += dataSets[index].properties }
    }
    return properties.contains { property in
      property.name.value.lowercased().split(whereSeparator: { ":./".contains($0) })
        .contains("split")
    }
  }
}

extension [DeclaredHash] {
  fileprivate var hasSHA256: Bool { contains { $0.algorithm.value == "SHA-256" } }
}
