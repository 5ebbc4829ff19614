/// Where a model file is written to: mappings member by member, so that no tree of the whole file is built.
protocol ModelOutput {
  typealias Value = InstanceModelFile.Value

  /// Begins a mapping, which gets at least one member: the document itself, or a member of the one that is open.
  mutating func open(_ key: Value?)
  mutating func member(_ key: Value, _ value: Value)
  mutating func close()
}
