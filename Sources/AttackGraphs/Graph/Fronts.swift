/// The ways in to a product: what is reached over a network, and what is reached by bending what a sensor sees.
public struct Fronts: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let network = Fronts(rawValue: 1)
  public static let sensor = Fronts(rawValue: 2)
  public static let both: Fronts = [.network, .sensor]
}
