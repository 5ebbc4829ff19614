import EngineSupport

/// The small parts that models and data sets share: hashes, licences, references, properties.
extension CycloneDXReader {
  mutating func hashes(in fields: inout DescriptorFields) -> [DeclaredHash] {
    var hashes: [DeclaredHash] = []
    for value in objects("hashes", in: &fields) {
      var part = self.fields(of: value)
      let algorithm = requiredString("alg", in: &part)
      let content = requiredString("content", in: &part)
      finish(part)
      guard let algorithm, let content else { continue }
      if HashAlgorithm.digits(of: algorithm.value) == nil {
        report(
          .warning, "descriptor.cyclonedx.hash-algorithm",
          "\"\(algorithm.value)\" is no hash algorithm of CycloneDX", at: algorithm.location)
      }
      hashes.append(DeclaredHash(algorithm: algorithm, content: content))
    }
    return hashes
  }

  mutating func licences(in fields: inout DescriptorFields) -> [DeclaredLicence] {
    var licences: [DeclaredLicence] = []
    for value in objects("licenses", in: &fields) {
      var choice = self.fields(of: value)
      if let expression = string("expression", in: &choice) {
        licences.append(DeclaredLicence(form: .expression, text: expression))
      } else if var licence = object("license", in: &choice) {
        if let identifier = string("id", in: &licence) {
          licences.append(DeclaredLicence(form: .identifier, text: identifier))
        } else if let name = string("name", in: &licence) {
          licences.append(DeclaredLicence(form: .name, text: name))
        } else {
          report(
            .error, "descriptor.cyclonedx.licence", "a licence needs an id or a name",
            at: licence.location)
        }
        finish(licence)
      } else {
        report(
          .error, "descriptor.cyclonedx.licence", "expected a license or an expression",
          at: choice.location)
      }
      finish(choice)
    }
    return licences
  }

  mutating func externalReferences(in fields: inout DescriptorFields) -> [ExternalReference] {
    var references: [ExternalReference] = []
    for value in objects("externalReferences", in: &fields) {
      var part = self.fields(of: value)
      let kind = requiredString("type", in: &part)
      let address = requiredString("url", in: &part)
      let hashes = hashes(in: &part)
      part.skip("comment")
      finish(part)
      guard let kind, let address else { continue }
      references.append(ExternalReference(kind: kind, address: address, hashes: hashes))
    }
    return references
  }

  mutating func properties(in fields: inout DescriptorFields) -> [DescriptorProperty] {
    var properties: [DescriptorProperty] = []
    for value in objects("properties", in: &fields) {
      var part = self.fields(of: value)
      let name = requiredString("name", in: &part)
      let text = string("value", in: &part)
      finish(part)
      if let name { properties.append(DescriptorProperty(name: name, value: text)) }
    }
    return properties
  }
}
