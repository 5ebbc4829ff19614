import ArgumentParser
import EngineSupport
import Foundation
import ThreatLanguage

/// A coreLang model of any size: sites of 21 assets each, as a plant's networks are made of cells, joined in
/// a tree of connection rules. The same count gives the same model.
struct PlantModel {
  let language: CompiledLanguage
  private(set) var instance = InstanceModel(assets: [], links: [])
  private var links = LinkResolver()

  /// The assets of one site, and the fields that link them: places from 0 in the site.
  private static let site: [String] =
    ["Network", "ConnectionRule", "PhysicalZone", "User", "Group", "SoftwareVulnerability"]
    + Array(repeating: "Hardware", count: 3) + Array(repeating: "Application", count: 5)
    + Array(repeating: "Identity", count: 3) + Array(repeating: "Credentials", count: 2)
    + Array(repeating: "Data", count: 2)
  private static let fields: [(from: Int, field: String, to: Int)] = [
    (2, "hardwareSystems", 6), (2, "hardwareSystems", 7), (2, "hardwareSystems", 8),
    (2, "networks", 0), (3, "physicalZones", 2), (3, "hardwareSystems", 6), (3, "userIds", 14),
    (3, "userIds", 15), (6, "sysExecutedApps", 9), (7, "sysExecutedApps", 10),
    (8, "sysExecutedApps", 11), (9, "appExecutedApps", 12), (10, "appExecutedApps", 13),
    (9, "networks", 0), (10, "networks", 0), (11, "networks", 0), (1, "applications", 9),
    (1, "applications", 10), (5, "application", 9), (4, "groupIds", 14), (4, "groupIds", 15),
    (4, "groupIds", 16), (14, "execPrivApps", 9), (15, "execPrivApps", 10),
    (16, "highPrivApps", 11), (14, "lowPrivApps", 12), (14, "credentials", 17),
    (15, "credentials", 18), (19, "containingApp", 9), (20, "containingApp", 12),
    (19, "encryptCreds", 17), (20, "transitNetwork", 0), (14, "readPrivData", 19),
    (15, "writePrivData", 20), (16, "managedIAMs", 14),
  ]

  init(_ language: CompiledLanguage, assets: Int) throws {
    self.language = language
    instance.assets.reserveCapacity(assets)
    for number in 0..<assets {
      let type = Self.site[number % Self.site.count]
      instance.assets.append(InstanceModel.Asset(name: "\(type) \(number)", type: type))
    }
    for first in stride(from: 0, to: assets, by: Self.site.count) {
      for (from, field, to) in Self.fields where first + max(from, to) < assets {
        try link(first + from, field, first + to)
      }
      // The rule of a site also opens its network to the site above it, three below each.
      guard first > 0, first + 1 < assets else { continue }
      let above = (first / Self.site.count - 1) / 3 * Self.site.count
      try link(first + 1, "networks", above)
      try link(first + 1, "networks", first)
    }
  }

  private mutating func link(_ from: Int, _ field: String, _ to: Int) throws {
    let found = try links.association(
      from: instance.assets[from].type, field, to: instance.assets[to].type, in: language)
    instance.links.append(
      InstanceModel.Link(
        association: found.name, left: found.isForward ? from : to,
        right: found.isForward ? to : from))
  }
}

/// Finds the association behind a field, once for each pair of types.
private struct LinkResolver {
  struct Found {
    var name: String
    /// The field is the right end: the owner stands left.
    var isForward: Bool
  }

  private var known: [String: Found] = [:]

  mutating func association(
    from owner: String, _ field: String, to target: String, in language: CompiledLanguage
  ) throws -> Found {
    let key = "\(owner).\(field).\(target)"
    if let found = known[key] { return found }
    for association in language.associations {
      let (left, right) = (association.left, association.right)
      if right.field == field, language.isType(owner, kindOf: left.assetType),
        language.isType(target, kindOf: right.assetType)
      {
        known[key] = Found(name: association.fullName, isForward: true)
      } else if left.field == field, language.isType(owner, kindOf: right.assetType),
        language.isType(target, kindOf: left.assetType)
      {
        known[key] = Found(name: association.fullName, isForward: false)
      }
      if let found = known[key] { return found }
    }
    throw ValidationError("the language has no \(key); it is not a coreLang of the expected kind")
  }
}
