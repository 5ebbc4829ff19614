extension Replay {
  /// A former contractor drives by with a radio and the maker's software, and lets sewage pumps do as they should not.
  static let maroochy = Replay(
    name: "Maroochy Water Breach (2000)",
    sources: [
      Source(
        "C0020",
        "T0813 T0815 T0822 T0836 T0838 T0848 T0855 T0856 T0860 T0864 T0878 T0879")
    ],
    architecture: """
      zone works
      zone stations
      centre control-server in works
      repeater wireless-network
      remote remote-access-service in works
      station controller in stations
      neighbour controller in stations
      pump actuator in stations
      laptop engineering-station
      centre <-> repeater : radio telemetry
      repeater <-> station : radio telemetry
      repeater <-> neighbour : radio telemetry
      laptop -> repeater : radio
      remote -> centre : serial
      station -> pump : 0-10 V
      """,
    entries: ["laptop:usedElsewhere", "repeater:inRange", "remote:reachedFromOutside"],
    impacts: [
      "pump:damageToProperty", "station:denialOfControl", "centre:denialOfView",
    ])
}
