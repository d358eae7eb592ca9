// The network in memory for tests in which memory runs out: what it allocates itself never fails,
// as a system's sockets need none of ours; what it calls may fail, and must not throw.
#pragma once

#include "failing_memory.h"
#include "transport/memory.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace simws::faults {

// How often something was thrown into the loop: through libuv's frames, on a real one.
inline std::size_t thrown_into_loop = 0;

template <typename Work>
void call_armed(Work&& work) {
  const Armed armed;
  try {
    work();
  } catch (...) {
    ++thrown_into_loop;
  }
}

inline transport::Task armed(transport::Task work) {
  const Spared spared;
  return [work = std::move(work)] { call_armed(work); };
}

class SparingStream final : public transport::Stream, private transport::StreamHandler {
 public:
  explicit SparingStream(std::unique_ptr<transport::Stream> inner)
      : owned_(std::move(inner)), inner_(owned_.get()) {
    inner_->set_handler(this);
  }
  // Of a process, which outlives it.
  explicit SparingStream(transport::Stream& inner) : inner_(&inner) { inner_->set_handler(this); }
  ~SparingStream() override {
    const Spared spared;
    owned_.reset();
  }

  void set_handler(transport::StreamHandler* handler) override { handler_ = handler; }
  void start_reading() override {
    const Spared spared;
    inner_->start_reading();
  }
  void stop_reading() override { inner_->stop_reading(); }
  std::size_t write(std::span<const Bytes> pieces) override {
    const Spared spared;
    return inner_->write(pieces);
  }
  transport::Outgoing begin_write(Bytes) override { return {}; }
  std::size_t end_write(Bytes, const transport::Transfer&) override { return 0; }
  std::size_t pending_bytes() const override { return inner_->pending_bytes(); }
  std::optional<std::uint64_t> acknowledged_bytes() const override {
    return inner_->acknowledged_bytes();
  }
  std::size_t readable_bytes() const override { return inner_->readable_bytes(); }
  void finish_writing() override {
    const Spared spared;
    inner_->finish_writing();
  }
  void close() override {
    const Spared spared;
    inner_->close();
  }
  void reset() override {
    const Spared spared;
    inner_->reset();
  }
  transport::Address remote_address() const override { return inner_->remote_address(); }

 private:
  void on_data(MutableBytes data) override {
    call_armed([&] { handler_->on_data(data); });
  }
  void on_end(bool lost, std::string reason) override {
    call_armed([&] { handler_->on_end(lost, std::move(reason)); });
  }
  void on_writable() override {
    call_armed([&] { handler_->on_writable(); });
  }

  std::unique_ptr<transport::Stream> owned_;
  transport::Stream* inner_;
  transport::StreamHandler* handler_ = nullptr;
};

class SparingTimer final : public transport::Timer {
 public:
  explicit SparingTimer(std::unique_ptr<transport::Timer> inner) : inner_(std::move(inner)) {}
  void start(Time at) override {
    const Spared spared;
    inner_->start(at);
  }
  void stop() override { inner_->stop(); }

 private:
  std::unique_ptr<transport::Timer> inner_;
};

class SparingWorkers final : public transport::Workers {
 public:
  explicit SparingWorkers(std::unique_ptr<transport::Workers> inner) : inner_(std::move(inner)) {}
  bool add(transport::Task work, transport::Task told) override {
    const Spared spared;
    return inner_->add(armed(std::move(work)), told ? armed(std::move(told)) : nullptr);
  }

 private:
  std::unique_ptr<transport::Workers> inner_;
};

class SparingProcess final : public transport::HelperProcess {
 public:
  explicit SparingProcess(std::unique_ptr<transport::HelperProcess> inner)
      : inner_(std::move(inner)), stream_(inner_->stream()) {}
  ~SparingProcess() override {
    const Spared spared;
    inner_.reset();
  }
  transport::Stream& stream() override { return stream_; }

 private:
  std::unique_ptr<transport::HelperProcess> inner_;
  SparingStream stream_;
};

class SparingLoop final : public transport::Loop {
 public:
  SparingLoop() : memory_(transport::MemoryLoop::make()) {}

  transport::MemoryLoop& memory() { return *memory_; }

  void run() override { memory_->run(); }
  void poll(Duration timeout) override {
    const Spared spared;
    memory_->poll(timeout);
    if (timeout > Duration::zero()) memory_->advance(timeout);  // who waits, waits in vain
  }
  void stop() override { memory_->stop(); }
  // The queue's memory is the loop's own, as on a real one.
  void post(transport::Task task) override { memory_->post(armed(std::move(task))); }
  int descriptor() const override { return -1; }
  std::optional<Duration> next_timeout() const override { return memory_->next_timeout(); }
  Time now() const override { return memory_->now(); }
  std::unique_ptr<transport::Timer> make_timer(transport::Task on_due) override {
    return std::make_unique<SparingTimer>(memory_->make_timer(armed(std::move(on_due))));
  }
  Result<std::unique_ptr<transport::Listener>> listen(const std::string& ip, int port,
                                                      transport::AcceptHandler accept) override {
    return memory_->listen(ip, port, [accept](std::unique_ptr<transport::Stream> stream) {
      stream = std::make_unique<SparingStream>(std::move(stream));
      call_armed([&] { accept(std::move(stream)); });
    });
  }
  std::unique_ptr<transport::Connecting> connect(const transport::Address& to,
                                                 transport::ConnectHandler on_done) override {
    const Spared spared;
    return memory_->connect(to, [on_done](Result<std::unique_ptr<transport::Stream>> result) {
      if (result) *result = std::make_unique<SparingStream>(std::move(*result));
      call_armed([&] { on_done(std::move(result)); });
    });
  }
  std::unique_ptr<transport::Lookup> look_up(const std::string& host, int port,
                                             transport::LookupHandler on_done) override {
    const Spared spared;
    return memory_->look_up(host, port, [on_done](Result<std::vector<transport::Address>> result) {
      call_armed([&] { on_done(std::move(result)); });
    });
  }
  std::unique_ptr<transport::Workers> make_workers(std::size_t most) override {
    const Spared spared;
    return std::make_unique<SparingWorkers>(memory_->make_workers(most));
  }
  Result<std::unique_ptr<transport::HelperProcess>> start_process(
      const std::string& program) override {
    const Spared spared;
    auto started = memory_->start_process(program);
    if (started) *started = std::make_unique<SparingProcess>(std::move(*started));
    return started;
  }
  void write(std::span<transport::Write> writes) override {
    const Spared spared;
    memory_->write(writes);
  }
  int add_end_of_turn(transport::Task work) override {
    return memory_->add_end_of_turn(armed(std::move(work)));
  }
  void remove_end_of_turn(int key) override { memory_->remove_end_of_turn(key); }
  void want_end_of_turn() override { memory_->want_end_of_turn(); }

 private:
  std::unique_ptr<transport::MemoryLoop> memory_;
};

}  // namespace simws::faults
