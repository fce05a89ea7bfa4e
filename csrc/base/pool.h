// A small thread pool: the caller names the thread count, works along, and pays nothing for idle threads.
//
// Why not OpenMP: torch brings its own runtime, and a second one would make two pools. Threads are started when
// first needed and sleep between calls. After fork() the child starts its own. A call from inside a body, or
// while another thread uses the pool, runs in the calling thread alone. Work is handed out in index order in
// chunks of `grain`; nothing about a chunk's result may depend on which worker runs it.
#pragma once
#include <cstdint>
#include <functional>

namespace fl {

// body(worker, begin, end) over chunks of [0, count); worker is in [0, threads). The first exception that a
// body throws is rethrown here, after the remaining chunks were abandoned.
void parallel_for(int32_t threads, int64_t count, int64_t grain,
                  const std::function<void(int32_t worker, int64_t begin, int64_t end)>& body);

}  // namespace fl
