import EngineSupport

/// The model card. Everything in it is optional in CycloneDX; what is missing is judged by `LineageGap`.
extension CycloneDXReader {
  mutating func readCard(_ value: JSONValue, ofModel index: Int) {
    var fields = fields(of: value)
    var card = ModelCard(location: fields.location)
    fields.skip("bom-ref")
    if var parameters = object("modelParameters", in: &fields) {
      readParameters(&parameters, into: &card)
      finish(parameters)
    }
    if var analysis = object("quantitativeAnalysis", in: &fields) {
      for metric in objects("performanceMetrics", in: &analysis) { readMetric(metric, into: &card) }
      analysis.skip("graphics")
      finish(analysis)
    }
    if var considerations = object("considerations", in: &fields) {
      readConsiderations(&considerations, into: &card)
      finish(considerations)
    }
    lineage.models[index].properties += properties(in: &fields)
    lineage.models[index].card = card
    finish(fields)
  }

  private mutating func readParameters(
    _ fields: inout DescriptorFields, into card: inout ModelCard
  ) {
    if var approach = object("approach", in: &fields) {
      card.approach = string("type", in: &approach)
      finish(approach)
    }
    card.task = string("task", in: &fields)
    card.architectureFamily = string("architectureFamily", in: &fields)
    card.architecture = string("modelArchitecture", in: &fields)
    for value in objects("datasets", in: &fields) { readDataSetUse(value, into: &card) }
    card.inputFormats = formats("inputs", in: &fields)
    card.outputFormats = formats("outputs", in: &fields)
  }

  private mutating func formats(
    _ name: String, in fields: inout DescriptorFields
  ) -> [Located<String>] {
    var formats: [Located<String>] = []
    for value in objects(name, in: &fields) {
      var part = self.fields(of: value)
      if let format = string("format", in: &part) { formats.append(format) }
      finish(part)
    }
    return formats
  }

  /// A reference to a data component, or the data described on the spot.
  private mutating func readDataSetUse(_ value: JSONValue, into card: inout ModelCard) {
    var fields = fields(of: value)
    defer { finish(fields) }
    let target: DataSetUse.Target
    if let referenceValue = fields.take("ref") {
      guard let reference = text(referenceValue, "ref") else { return }
      if let index = dataSetIndices[reference.value] {
        target = .described(index)
      } else if reference.value.hasPrefix("urn:cdx:") {
        target = .elsewhere(reference.value)
      } else {
        target = .dangling(reference.value)
        lineage.danglingReferences.append(reference)
        let what = isDeclared(reference.value) ? "is no data set" : "is declared nowhere"
        report(
          .warning, "descriptor.cyclonedx.dangling-ref",
          "the model's data set \"\(reference.value)\" \(what)", at: reference.location)
      }
    } else {
      var dataSet = DataSetDescriptor(origin: .modelCard, location: fields.location)
      dataSet.reference = string("bom-ref", in: &fields)
      readData(&fields, into: &dataSet)
      target = .described(add(dataSet, knownAs: [dataSet.reference].compactMap(\.self)))
    }
    card.dataSets.append(DataSetUse(target: target, location: place(value)))
  }

  private mutating func readMetric(_ value: JSONValue, into card: inout ModelCard) {
    var fields = fields(of: value)
    var metric = PerformanceMetric(location: fields.location)
    metric.kind = string("type", in: &fields)
    metric.value = string("value", in: &fields)
    metric.slice = string("slice", in: &fields)
    if var interval = object("confidenceInterval", in: &fields) {
      metric.lowerBound = string("lowerBound", in: &interval)
      metric.upperBound = string("upperBound", in: &interval)
      finish(interval)
    }
    finish(fields)
    if metric.contradictsItsInterval {
      report(
        .warning, "descriptor.cyclonedx.confidence-interval",
        "the metric's value lies outside its own confidence interval", at: metric.location)
    }
    card.metrics.append(metric)
  }

  private mutating func readConsiderations(
    _ fields: inout DescriptorFields, into card: inout ModelCard
  ) {
    card.users = strings("users", in: &fields)
    card.useCases = strings("useCases", in: &fields)
    card.limitations = strings("technicalLimitations", in: &fields)
    card.tradeoffs = strings("performanceTradeoffs", in: &fields)
    for value in objects("ethicalConsiderations", in: &fields) {
      var part = self.fields(of: value)
      let name = string("name", in: &part)
      let mitigation = string("mitigationStrategy", in: &part)
      finish(part)
      guard var name else { continue }
      if let mitigation { name.value += " (\(mitigation.value))" }
      card.ethicalConsiderations.append(name)
    }
    for value in objects("fairnessAssessments", in: &fields) {
      var part = self.fields(of: value)
      if let group = string("groupAtRisk", in: &part) { card.fairnessAssessments.append(group) }
      for name in ["benefits", "harms", "mitigationStrategy"] { part.skip(name) }
      finish(part)
    }
  }
}
