// Where clients come in that are measured: the server's side of a connection's beginning.
#pragma once

namespace simws::load {

class Door {
 public:
  // Listens on a port of this machine that was free.
  Door();
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  int port() const { return port_; }
  // The first client knocks. Gives up when none does.
  void wait() const;
  // The next client's connection, blocking, with its opening handshake done (RFC 6455, 4.2). Gives
  // up when none comes.
  int let_in() const;

 private:
  int listener_;
  int port_ = 0;
};

}  // namespace simws::load
