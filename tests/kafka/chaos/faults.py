"""What can happen. A fault is a coroutine over the round it happens in and its own random numbers; it says what it did, or None
where it found nobody to do it to. While it is at a member or a node it holds that one's lock: faults overlap, but not on one."""
import asyncio
import json
import signal
import time

from proxy import REQUESTS

SESSION_S, TRANSACTION_S = 6, 10  # what members are started with
POINTS = ("before-produce", "after-produce", "between-offsets-and-commit", "in-rebalance", "in-close")


async def wait_until(is_so, for_s: float) -> bool:
    deadline = time.monotonic() + for_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


def pick(round_, rng):
    idle = round_.members.idle()
    return rng.choice(idle) if idle else None


def kill_one(member, restart_s: float) -> None:
    member.wanted_ends = {-signal.SIGKILL}
    member.restart_s = restart_s
    member.signal(signal.SIGKILL)


async def kill(round_, rng):
    if not (member := pick(round_, rng)):
        return None
    kill_one(member, rng.uniform(0.1, 2 * SESSION_S))
    return member.name


async def kill_point(round_, rng):
    """A member is started anew, to die at that point; for a rebalance another comes, for a close it is told to stop."""
    point, time_ = rng.choice(POINTS), rng.randint(1, 60)
    if not (member := pick(round_, rng)):
        return None
    async with member.lock:
        member.fault = f"kill:{point}@{time_ if point == 'before-produce' else 1 + time_ % 5 if 'produce' in point or 'commit' in point else 1}"
        before = member.process
        kill_one(member, rng.choice([0.1, 0.1, 1.5 * SESSION_S]))
        if not await wait_until(lambda: member.process is not before, 2 * SESSION_S):
            return None
        member.wanted_ends = {-signal.SIGKILL}
        other = None
        if point == "in-rebalance":
            await asyncio.sleep(2)
            other = round_.members.add(f"{round_.name}-v{round_.next_number()}")
        elif point == "in-close":
            await asyncio.sleep(2)
            member.stop()
        has_died = await wait_until(lambda: not member.is_running() or not member.fault, 12)
    if other:
        await leave(other)
    return f"{member.name} {point}{'' if has_died else ', not reached'}"


async def freeze(round_, rng, least_s=0.5, most_s=4.0):
    if not (member := pick(round_, rng)):
        return None
    async with member.lock:
        for_s = rng.uniform(least_s, most_s)
        member.signal(signal.SIGSTOP)
        await asyncio.sleep(for_s)
        member.frozen_s += for_s
        member.signal(signal.SIGCONT)
    return f"{member.name} {for_s:.1f} s"


async def zombie(round_, rng):
    """Longer than session and transaction last: somebody else has its partitions when it wakes up, with work in hand."""
    return await freeze(round_, rng, TRANSACTION_S + 1, TRANSACTION_S + SESSION_S)


async def twin(round_, rng):
    """As an orchestrator does that has lost sight of a process: a second one of that name, while the first only sleeps."""
    if not (member := pick(round_, rng)):
        return None
    async with member.lock:
        member.signal(signal.SIGSTOP)
        second = round_.members.add(member.name, state=f"{member.name}-twin{round_.next_number()}")
        async with second.lock:  # of three with one name two are refused, and whoever is refused twice ends
            await asyncio.sleep(rng.uniform(2, TRANSACTION_S))
            member.wanted_ends, second.wanted_ends = {3}, {3}  # the group refuses whoever came first, be it the sleeper again
            member.is_wanted = False
            member.signal(signal.SIGCONT)
            if not await wait_until(lambda: not member.is_running(), 20):
                kill_one(member, 0)
    return f"{member.name}, again as {second.name}"


async def leave(member) -> None:
    member.is_wanted = False
    if member.is_running():
        member.stop()
        await wait_until(lambda: not member.is_running(), 30)


async def term(round_, rng):
    if not (member := pick(round_, rng)):
        return None
    member.restart_s = rng.uniform(0.1, SESSION_S)
    member.stop()
    return member.name


async def storm(round_, rng):
    """Everybody is told to stop, again and again."""
    told = round_.members.idle()
    for _ in range(rng.randint(2, 8)):
        for member in told:
            member.stop()
        await asyncio.sleep(rng.uniform(0.02, 0.3))
    return f"{len(told)} members"


async def come_and_go(round_, rng):
    count = rng.randint(1, 4)
    for _ in range(count):
        member = round_.members.add(f"{round_.name}-v{round_.next_number()}")
        async with member.lock:
            await asyncio.sleep(rng.uniform(0.3, 4))
            await leave(member)
    return f"{count} visits"


async def late_join(round_, rng):
    """Somebody comes; of the others, who are to join anew, one does when its session has run out, and its partitions have been another's meanwhile."""
    key, most_s = REQUESTS["JoinGroup"], 3 * SESSION_S
    visitor = round_.members.add(f"{round_.name}-v{round_.next_number()}")
    async with visitor.lock:
        await wait_until(lambda: visitor.log and "event=stream.started" in visitor.log.read_text(errors="replace"), 10)
        before = sum(proxy.held[key] for proxy in round_.proxies)
        for proxy in round_.proxies:
            proxy.slow_one_s[key] = rng.uniform(1.5 * SESSION_S, most_s)
        await wait_until(lambda: sum(proxy.held[key] for proxy in round_.proxies) > before, SESSION_S)
        for proxy in round_.proxies:
            proxy.slow_one_s.pop(key, None)
        held = sum(proxy.held[key] for proxy in round_.proxies) - before
        await asyncio.sleep(most_s + rng.uniform(0, 3))
        await leave(visitor)
    return f"{held} held" if held else None


def free_node(round_, rng):
    """None while another node is away: two of three would be no cluster."""
    if any(lock.locked() for lock in round_.cluster.locks):
        return None
    return rng.randrange(round_.cluster.nodes)


async def broker_kill(round_, rng, how="kill", most_s=8.0):
    node = free_node(round_, rng)
    if node is None:
        return None
    async with round_.cluster.locks[node]:
        for_s = rng.uniform(0, most_s)
        await round_.cluster.away(node, how, for_s)
    return f"node {node + 1} {for_s:.1f} s"


async def broker_bounce(round_, rng):
    return await broker_kill(round_, rng, "end", 3.0)


async def broker_freeze(round_, rng):
    node = free_node(round_, rng)
    if node is None:
        return None
    async with round_.cluster.locks[node]:
        for_s = rng.uniform(1, 12)
        await round_.cluster.freeze(node, for_s)
    return f"node {node + 1} {for_s:.1f} s"


def pick_proxy(round_, rng):
    return rng.choice(round_.proxies)


async def far_away(round_, rng):
    """Round trips of up to two seconds."""
    proxy, for_s = pick_proxy(round_, rng), rng.uniform(2, 10)
    proxy.delay_s = rng.choice([0.05, 0.2, 1.0])
    try:
        await asyncio.sleep(for_s)
        return f"{proxy.delay_s:.2f} s each way for {for_s:.1f} s"
    finally:
        proxy.delay_s = 0.0


async def cut(round_, rng):
    count = rng.randint(1, 6)
    for _ in range(count):
        for proxy in round_.proxies:
            proxy.cut()
        await asyncio.sleep(rng.uniform(0.02, 2))
    return f"{count} times"


async def silence(round_, rng):
    """Nothing comes through and nothing breaks; then perhaps everything breaks."""
    proxy, for_s = pick_proxy(round_, rng), rng.uniform(1, 12)
    proxy.is_silent = True
    await asyncio.sleep(for_s)
    if rng.random() < 0.5:
        proxy.cut()
    proxy.is_silent = False
    return f"{for_s:.1f} s"


async def unreachable(round_, rng):
    proxy, for_s = pick_proxy(round_, rng), rng.uniform(0.5, 10)
    proxy.refuses = True
    proxy.cut()
    await asyncio.sleep(for_s)
    proxy.refuses = False
    return f"{for_s:.1f} s"


async def no_brokers(round_, rng):
    """Who asks which brokers there are is told: none. Nodes say so for a moment as they go down or come up."""
    before = sum(proxy.hidden for proxy in round_.proxies)
    round_.members.blind_s = time.monotonic()
    for proxy in round_.proxies:
        proxy.hides_brokers = True
        proxy.cut()  # who lost a connection asks
    for_s = rng.uniform(0.2, 3)
    await asyncio.sleep(for_s)
    for proxy in round_.proxies:
        proxy.hides_brokers = False
    round_.members.blind_s = time.monotonic()
    count = sum(proxy.hidden for proxy in round_.proxies) - before
    return f"{count} answers in {for_s:.1f} s" if count else None


async def throttle(round_, rng):
    proxy, for_s = pick_proxy(round_, rng), rng.uniform(2, 10)
    proxy.bytes_a_second = rng.choice([3_000, 20_000, 100_000])
    await asyncio.sleep(for_s)
    proxy.bytes_a_second = 0
    return f"{for_s:.1f} s"


async def slow_end(round_, rng):
    """Transactions take long to end, also longer than the members find credible."""
    return await slow_requests(round_, rng, "EndTxn")


async def slow_requests(round_, rng, name=""):
    """Requests of one kind take long, and with them all behind them."""
    proxy, for_s = pick_proxy(round_, rng), rng.uniform(4, 14)
    name = name or rng.choice(list(REQUESTS))
    taken_s = proxy.slow_s[REQUESTS[name]] = rng.uniform(0.5, for_s)
    await asyncio.sleep(for_s)
    proxy.slow_s.pop(REQUESTS[name], None)
    return f"{name} {taken_s:.1f} s, for {for_s:.1f} s"


async def late_end(round_, rng):
    """Three times an EndTxn comes when its sender has ended the transaction another way, and perhaps begun the next one."""
    return await late_requests(round_, rng, ["EndTxn"] * 3)


async def late_requests(round_, rng, names=()):
    """Requests arrive, but their sender does not hear of it: it has lost the connection, and has perhaps sent them again."""
    names = names or [rng.choice(list(REQUESTS)) for _ in range(3)]
    before = sum(proxy.late.total() for proxy in round_.proxies)
    for name in names:
        for proxy in round_.proxies:
            proxy.late_s[REQUESTS[name]] = rng.uniform(0.05, 1.5)
        await asyncio.sleep(rng.uniform(1, 3))
    for proxy in round_.proxies:
        for name in names:
            proxy.late_s.pop(REQUESTS[name], None)
    count = sum(proxy.late.total() for proxy in round_.proxies) - before
    return f"{count} of {', '.join(names)}" if count else None


async def leaders_move(round_, rng):
    """Every partition, those of the coordinators too, gets another preferred leader, to which it goes within seconds."""
    cluster = round_.cluster
    if cluster.nodes == 1 or any(lock.locked() for lock in cluster.locks):
        return None
    nodes = list(range(1, cluster.nodes + 1))
    partitions = [{"topic": topic, "partition": i, "replicas": rng.sample(nodes, len(nodes))} for topic in round_.topics() for i in range(4)]
    path = round_.folder / f"leaders-{round_.next_number()}.json"
    path.write_text(json.dumps({"version": 1, "partitions": partitions}))
    try:
        await cluster.broker("tool", "org.apache.kafka.tools.reassign.ReassignPartitionsCommand", "--reassignment-json-file", str(path), "--execute")
    except RuntimeError as error:
        if "Unknown broker id" not in str(error):  # a node that was killed just now is not yet back
            raise
        return None
    return f"{len(partitions)} partitions"


FAULTS = {
    # name: (function, how often)
    "kill": (kill, 4),
    "kill_point": (kill_point, 6),
    "freeze": (freeze, 2),
    "zombie": (zombie, 3),
    "twin": (twin, 1),
    "term": (term, 3),
    "storm": (storm, 2),
    "come_and_go": (come_and_go, 3),
    "broker_kill": (broker_kill, 2),
    "broker_bounce": (broker_bounce, 2),
    "broker_freeze": (broker_freeze, 1),
    "leaders_move": (leaders_move, 2),
    "far_away": (far_away, 1),
    "cut": (cut, 2),
    "silence": (silence, 1),
    "unreachable": (unreachable, 1),
    "no_brokers": (no_brokers, 1),
    "throttle": (throttle, 1),
    "slow_end": (slow_end, 1),
    "late_end": (late_end, 2),
    "slow_requests": (slow_requests, 2),
    "late_requests": (late_requests, 3),
    "late_join": (late_join, 2),
}
