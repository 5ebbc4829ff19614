/// Limits are read through the checking initializer, so that a decoded plan holds what a written one may.
extension PhysicalLimits: Codable {
  private enum CodingKeys: String, CodingKey {
    case shape, low, high, leastSignificantBit, writable, unitsPerTensorUnit, offset
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      shape: try container.decode([Int].self, forKey: .shape),
      low: try container.decode([Double].self, forKey: .low),
      high: try container.decode([Double].self, forKey: .high),
      leastSignificantBit: try container.decode([Double].self, forKey: .leastSignificantBit),
      writable: try container.decode([Bool].self, forKey: .writable),
      scaling: Scaling(
        unitsPerTensorUnit: try container.decode(Double.self, forKey: .unitsPerTensorUnit),
        offset: try container.decode(Double.self, forKey: .offset)))
  }

  /// A value shared by all elements is written once.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func short<Value: Hashable>(_ values: [Value]) -> [Value] {
      Set(values).count == 1 ? [values[0]] : values
    }
    try container.encode(shape, forKey: .shape)
    try container.encode(short(low), forKey: .low)
    try container.encode(short(high), forKey: .high)
    try container.encode(short(leastSignificantBit), forKey: .leastSignificantBit)
    try container.encode(short(writable), forKey: .writable)
    try container.encode(scaling.unitsPerTensorUnit, forKey: .unitsPerTensorUnit)
    try container.encode(scaling.offset, forKey: .offset)
  }
}
