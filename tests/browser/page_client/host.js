// A script that runs in the program simws, for tests written in JavaScript.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';

export class Host {
  #lines = [];

  // Ended with the test.
  static async start(test, script, ...args) {
    const host = new Host();
    host.process = spawn(process.env.SIMWS ?? 'simws', ['run', script, ...args], {stdio: ['ignore', 'inherit', 'pipe']});
    host.#ended = once(host.process, 'exit');
    test.after(() => host.kill());
    host.port = await host.#findPort();
    return host;
  }

  get url() {
    return `http://localhost:${this.port}/`;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.#ended;
  }

  // As a machine whose network is gone: nothing is answered, and nothing is closed.
  pause() {
    this.process.kill('SIGSTOP');
  }

  resume() {
    this.process.kill('SIGCONT');
  }

  // The exit code of one that is asked to end.
  async terminate() {
    this.process.kill('SIGTERM');
    return (await this.#ended)[0];
  }

  #ended;
  #findPort() {
    return new Promise((resolve, reject) => {
      const lines = createInterface(this.process.stderr);
      lines.on('line', line => {
        this.#lines.push(line);
        const found = /listening on \S*:(\d+)/.exec(line);
        if (found) resolve(Number(found[1]));
      });
      lines.on('close', () => reject(new Error(`it does not listen:\n${this.#lines.join('\n')}`)));
    });
  }
}
