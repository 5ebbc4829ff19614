public import EngineSupport
import YAMLDocuments

/// What the product file says about decisions: what defences cost, and which changes are to be weighed.
extension ProductFile {
  /// A step of the attack graph by its name, `component:step`, and for a connection `from → to:step`.
  public struct StepReference: Sendable, Hashable {
    public var name: String
    public var location: SourceLocation
  }

  /// What it costs to put one defence in place, in points of the owner's choosing.
  public struct DefenseCost: Sendable {
    public var defense: StepReference
    /// 1…1,000,000; defences that are not listed cost 1.
    public var cost: Int
    public var reason: String
  }

  /// A change of defences whose effect the report shows.
  public struct WhatIf: Sendable {
    public var id: String
    public var description: String
    /// Defences to put in place.
    public var enable: [StepReference]
    /// Defences to take away.
    public var disable: [StepReference]
    public var location: SourceLocation
  }
}

extension ProductFile.StepReference {
  init(_ value: YAMLValue) throws(Diagnostic) {
    name = try value.text()
    location = value.location
    guard name.contains(":") else {
      throw value.wrong("a step is written as \"component:step\"")
    }
  }
}

extension ProductFile.DefenseCost {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    defense = try ProductFile.StepReference(section.required("defence"))
    cost = try section.required("cost").integer(in: 1...1_000_000)
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
  }
}

extension ProductFile.WhatIf {
  init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    id = try ProductFile.identifier(section.required("id"))
    description = try section.required("description").text()
    enable = try ProductFile.optionalList(section.optional("enable")) { value throws(Diagnostic) in
      try ProductFile.StepReference(value)
    }
    disable = try ProductFile.optionalList(section.optional("disable")) {
      value throws(Diagnostic) in
      try ProductFile.StepReference(value)
    }
    location = value.location
    section.finish(reportingTo: &diagnostics)
    guard !(enable.isEmpty && disable.isEmpty) else {
      throw value.wrong("a what-if enables or disables at least one defence")
    }
  }
}
