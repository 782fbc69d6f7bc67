package org.fanfare.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void everyLimitCanBeSetByItsName() {
        for (var name : Limits.names()) {
            var changed = Limits.DEFAULT.with(name, 7);

            assertThat(changed).isNotEqualTo(Limits.DEFAULT);
            assertThat(changed.toString()).contains(name + "=7");
        }
    }

    @Test
    void settingOneLeavesTheOthers() {
        assertThat(Limits.DEFAULT.withVias(3).vias()).isEqualTo(3);
        assertThat(Limits.DEFAULT.withVias(3).withVias(70)).isEqualTo(Limits.DEFAULT);
    }

    @Test
    void nonsenseIsRefusedByName() {
        assertThatThrownBy(() -> Limits.DEFAULT.with("vias", 0)).hasMessageContaining("limit vias");
        assertThatThrownBy(() -> Limits.DEFAULT.withVias(-1)).hasMessageContaining("limit vias");
        assertThatThrownBy(() -> Limits.DEFAULT.withVias(Integer.MAX_VALUE))
                .hasMessageContaining("limit vias");
        assertThatThrownBy(() -> Limits.DEFAULT.with("vials", 1))
                .hasMessageContaining("limit vials");
    }
}
