import EngineSupport

/// The members of one object, taken out one by one; what is left at the end was not read.
struct DescriptorFields {
  private(set) var remaining: [JSONValue.Member]
  let location: SourceLocation

  init(_ members: [JSONValue.Member], at location: SourceLocation) {
    remaining = members
    self.location = location
  }

  mutating func take(_ name: String) -> JSONValue? {
    guard let index = remaining.firstIndex(where: { $0.key == name }) else { return nil }
    return remaining.remove(at: index).value
  }

  /// Passes over a member that the importer knows and has no use for.
  mutating func skip(_ name: String) { _ = take(name) }
}

/// Typed access with located errors, and the count of what was not read.
extension CycloneDXReader {
  mutating func report(
    _ severity: Diagnostic.Severity, _ code: Diagnostic.Code, _ message: String,
    at location: SourceLocation
  ) {
    guard diagnostics.count < Self.diagnosticLimit else {
      furtherDiagnostics += 1
      worstFurther = max(worstFurther, severity)
      return
    }
    diagnostics.append(Diagnostic(severity, code, message, at: location))
  }

  func fields(of value: JSONValue) -> DescriptorFields {
    DescriptorFields(value.members ?? [], at: place(value))
  }

  mutating func finish(_ fields: DescriptorFields) {
    lineage.unread.count += fields.remaining.count
    for member in fields.remaining
    where lineage.unread.examples.count < UnreadMembers.exampleLimit {
      lineage.unread.examples.append(place(member.value))
    }
  }

  private mutating func reportType(_ what: String, _ expected: String, _ value: JSONValue) {
    report(
      .error, "descriptor.cyclonedx.type", "\(what) must be \(expected)", at: place(value))
  }

  mutating func expectObject(_ value: JSONValue, _ what: String) -> Bool {
    if value.members != nil { return true }
    reportType(what, "an object", value)
    return false
  }

  mutating func text(_ value: JSONValue, _ what: String) -> Located<String>? {
    guard let text = value.string else {
      reportType(what, "text", value)
      return nil
    }
    return Located(text, at: place(value))
  }

  mutating func string(_ name: String, in fields: inout DescriptorFields) -> Located<String>? {
    fields.take(name).flatMap { text($0, name) }
  }

  mutating func requiredString(
    _ name: String, in fields: inout DescriptorFields
  ) -> Located<String>? {
    guard let value = fields.take(name) else {
      report(
        .error, "descriptor.cyclonedx.missing", "the member \(name) is required",
        at: fields.location)
      return nil
    }
    return text(value, name)
  }

  mutating func array(_ name: String, in fields: inout DescriptorFields) -> [JSONValue]? {
    guard let value = fields.take(name) else { return nil }
    guard let elements = value.elements else {
      reportType(name, "an array", value)
      return nil
    }
    return elements
  }

  /// The objects of an array; an element of another type is an error and left out.
  mutating func objects(_ name: String, in fields: inout DescriptorFields) -> [JSONValue] {
    var objects: [JSONValue] = []
    for element in array(name, in: &fields) ?? []
    where expectObject(element, "an element of \(name)") { objects.append(element) }
    return objects
  }

  mutating func object(_ name: String, in fields: inout DescriptorFields) -> DescriptorFields? {
    guard let value = fields.take(name), expectObject(value, name) else { return nil }
    return self.fields(of: value)
  }

  mutating func strings(_ name: String, in fields: inout DescriptorFields) -> [Located<String>] {
    var texts: [Located<String>] = []
    for element in array(name, in: &fields) ?? [] {
      if let text = text(element, "an element of \(name)") { texts.append(text) }
    }
    return texts
  }
}
