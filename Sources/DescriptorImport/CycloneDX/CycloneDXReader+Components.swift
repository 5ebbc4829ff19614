import EngineSupport

/// Components: models, data, and the rest, at any depth.
extension CycloneDXReader {
  /// The component types of CycloneDX 1.7.
  private static let componentTypes: Set<String> = [
    "application", "container", "cryptographic-asset", "data", "device", "device-driver", "file",
    "firmware", "framework", "library", "machine-learning-model", "operating-system", "platform",
  ]

  mutating func readComponents(
    in fields: inout DescriptorFields, _ cards: inout [(index: Int, card: JSONValue)]
  ) {
    for component in objects("components", in: &fields) { readComponent(component, &cards) }
  }

  /// Cards are put aside until every data set is known.
  mutating func readComponent(
    _ value: JSONValue, _ cards: inout [(index: Int, card: JSONValue)]
  ) {
    var fields = fields(of: value)
    let type = requiredString("type", in: &fields)
    let name = requiredString("name", in: &fields)
    if let type, !Self.componentTypes.contains(type.value) {
      report(
        .error, "descriptor.cyclonedx.component-type",
        "\"\(type.value)\" is no component type of CycloneDX", at: type.location)
    }
    switch (type?.value, name) {
    case ("machine-learning-model", let name?):
      if let card = readModel(&fields, name: name) {
        cards.append((lineage.models.count - 1, card))
      }
    case ("data", _): readDataComponent(&fields, name: name)
    default: lineage.otherComponents += 1
    }
    readComponents(in: &fields, &cards)
    finish(fields)
  }

  private mutating func readModel(
    _ fields: inout DescriptorFields, name: Located<String>
  ) -> JSONValue? {
    var model = ModelDescriptor(name: name, location: fields.location)
    model.reference = string("bom-ref", in: &fields)
    model.version = string("version", in: &fields)
    model.group = string("group", in: &fields)
    model.summary = string("description", in: &fields)
    if var supplier = object("supplier", in: &fields) {
      model.supplier = string("name", in: &supplier)
      finish(supplier)
    }
    model.hashes = hashes(in: &fields)
    model.licences = licences(in: &fields)
    model.externalReferences = externalReferences(in: &fields)
    model.properties = properties(in: &fields)
    lineage.models.append(model)
    guard let card = fields.take("modelCard"), expectObject(card, "modelCard") else { return nil }
    return card
  }

  private mutating func readDataComponent(
    _ fields: inout DescriptorFields, name: Located<String>?
  ) {
    var dataSet = DataSetDescriptor(origin: .component, location: fields.location)
    dataSet.reference = string("bom-ref", in: &fields)
    dataSet.name = name
    dataSet.version = string("version", in: &fields)
    dataSet.summary = string("description", in: &fields)
    dataSet.hashes = hashes(in: &fields)
    dataSet.licences = licences(in: &fields)
    dataSet.externalReferences = externalReferences(in: &fields)
    dataSet.sources = dataSet.externalReferences.map(\.address)
    dataSet.properties = properties(in: &fields)
    var references = [dataSet.reference].compactMap(\.self)
    for data in objects("data", in: &fields) {
      var part = self.fields(of: data)
      if let reference = string("bom-ref", in: &part) { references.append(reference) }
      readData(&part, into: &dataSet)
      finish(part)
    }
    add(dataSet, knownAs: references)
  }

  /// The index of the new data set.
  @discardableResult mutating func add(
    _ dataSet: DataSetDescriptor, knownAs references: [Located<String>]
  ) -> Int {
    lineage.dataSets.append(dataSet)
    let index = lineage.dataSets.count - 1
    // Of two declarations of one reference, which is an error already reported, the first one counts.
    for reference in references where dataSetIndices[reference.value] == nil {
      dataSetIndices[reference.value] = index
    }
    return index
  }

  /// The members of CycloneDX's componentData, without its `bom-ref`.
  mutating func readData(
    _ fields: inout DescriptorFields, into dataSet: inout DataSetDescriptor
  ) {
    if let kind = requiredString("type", in: &fields) { dataSet.kinds.append(kind) }
    if let name = string("name", in: &fields), dataSet.name == nil { dataSet.name = name }
    if let text = string("description", in: &fields), dataSet.summary == nil {
      dataSet.summary = text
    }
    if let classification = string("classification", in: &fields) {
      dataSet.classifications.append(classification)
    }
    if let value = fields.take("sensitiveData") {
      for element in value.elements ?? [value] {
        if let text = text(element, "sensitiveData") { dataSet.sensitiveData.append(text) }
      }
    }
    if var contents = object("contents", in: &fields) {
      if let address = string("url", in: &contents) { dataSet.sources.append(address) }
      dataSet.properties += properties(in: &contents)
      finish(contents)
    }
  }
}
