import AttackGraphs
import EngineSupport

/// A plant of zones and hosts, for searches on graphs of realistic shape and some thousand steps.
extension AndOrGraphFixtures {
  /// Zones of hosts as a threat language would draw them: each network reaches its hosts, each host has
  /// guarded services, credentials found on one host open others, and gateways join neighbouring zones.
  /// The goal needs control of a historian host and a bent sensor.
  static func plant(zones: Int, hosts: Int) -> (graph: AndOrGraph, goal: Int) {
    var random = SeededRandom(seed: 11)
    var kinds: [AndOrGraph.Kind] = []
    var costs: [Double] = []
    var parents: [[Int32]] = []
    var fronts: [Fronts] = []
    func add(_ kind: AndOrGraph.Kind, _ cost: Double, _ front: Fronts = []) -> Int32 {
      kinds.append(kind)
      costs.append(cost)
      parents.append([])
      fronts.append(front)
      return Int32(kinds.count - 1)
    }
    func link(_ parent: Int32, _ child: Int32) { parents[Int(child)].append(parent) }
    let networks = (0..<zones).map { _ in add(.or, 0) }
    var admins: [Int32] = []
    var credentials: [Int32] = []
    for zone in 0..<zones {
      for host in 0..<hosts {
        let connect = add(.or, 0)
        link(networks[zone], connect)
        let user = add(.or, 0)
        let admin = add(.or, 0)
        for _ in 0..<3 {
          let exploit = add(.and, 0.7 * Double(1 + random.index(below: 4)))
          link(connect, exploit)
          link(add(.given, 0.1 * Double(1 + random.index(below: 9))), exploit)
          link(exploit, user)
        }
        let escalate = add(.and, 1.2)
        link(user, escalate)
        link(add(.given, 0.3), escalate)
        link(escalate, admin)
        let login = add(.and, 0.05)
        link(connect, login)
        let credential = add(.or, 0.4)
        if !admins.isEmpty {
          for _ in 0..<3 { link(admins[random.index(below: admins.count)], credential) }
        }
        link(credential, login)
        link(login, admin)
        link(admin, networks[zone])
        if host == 0 && zone > 0 {
          link(admin, networks[zone - 1])
          link(admins[random.index(below: admins.count)], networks[zone])
        }
        admins.append(admin)
        credentials.append(credential)
      }
    }
    link(add(.or, 0, .network), networks[0])
    let bent = add(.and, 0.9)
    link(add(.or, 0, .sensor), bent)
    link(add(.given, 0.5), bent)
    let goal = add(.or, 0)
    let joined = add(.and, 0.2)
    link(bent, joined)
    link(admins[admins.count - 1], joined)
    link(joined, goal)
    let alone = add(.and, 6)
    link(admins[admins.count - 2], alone)
    link(admins[admins.count - 3], alone)
    link(alone, goal)
    return (AndOrGraph(kinds: kinds, costs: costs, entryFronts: fronts) { parents[$0] }, Int(goal))
  }
}
