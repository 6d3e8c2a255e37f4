"""推演: scenarios played on a simulated clock, sweeps over many fact sets, backtests over series. Pure: values in, values out.

Everything here drives the same functions as the live desk: `decide` and `evolve` of an incident, `advance` of an episode,
`assess`. Nothing here is handed a store, a notifier, a clock or a file: a drill cannot reach the world, by construction.
"""
