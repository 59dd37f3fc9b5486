/* Periodic projection of a vector field by whole-array transforms through the FFTW3 interface: the way a
   C program does it without further thought. Two or three dimensions, x fastest, OpenMP.

   leray THREADS NX NY [NZ]: plans, says "ready SECONDS", then does one projection for each line of input and
   prints its seconds; at the end of input prints the energies and the product of the parts. Compiled with
   -DSINGLE it computes in single precision. */
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef SINGLE
typedef float real;
#define F(name) fftwf_##name
#else
typedef double real;
#define F(name) fftw_##name
#endif

static real *wavenumbers(int n) {
    real *k = malloc(n * sizeof *k);
    for (int i = 0; i < n; i++) k[i] = 2 * i < n ? i : 2 * i == n ? 0 : i - n;
    return k;
}

int main(int argc, char **argv) {
    int threads = atoi(argv[1]), d = argc - 2, shape[3] = {1, 1, 1};
    for (int a = 0; a < d; a++) shape[a] = atoi(argv[2 + a]);
    int nx = shape[0], ny = shape[1], nz = shape[2], half = nx / 2 + 1;
    size_t points = (size_t)nx * ny * nz, modes = (size_t)half * ny * nz;
    omp_set_num_threads(threads);
    real *in[3], *grad[3], *sol[3], *k[3];
    F(complex) *spectrum[3];
    for (int c = 0; c < d; c++) {
        in[c] = F(malloc)(points * sizeof(real));
        grad[c] = F(malloc)(points * sizeof(real));
        sol[c] = F(malloc)(points * sizeof(real));
        spectrum[c] = F(malloc)(modes * sizeof(F(complex)));
    }
    for (int a = 0; a < 3; a++) k[a] = wavenumbers(shape[a]);

    double start = omp_get_wtime();
    F(init_threads)();
    F(plan_with_nthreads)(threads);
    int rank[3];
    for (int a = 0; a < d; a++) rank[a] = shape[d - 1 - a];
    F(plan) forward = F(plan_dft_r2c)(d, rank, in[0], spectrum[0], FFTW_MEASURE | FFTW_PRESERVE_INPUT);
    F(plan) inverse = F(plan_dft_c2r)(d, rank, spectrum[0], grad[0], FFTW_MEASURE);
    double planning = omp_get_wtime() - start;

    unsigned long state = 12345;
    for (int c = 0; c < d; c++)
        for (size_t i = 0; i < points; i++) {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            in[c][i] = (double)(state >> 11) / 9007199254740992.0 - 0.5;
            grad[c][i] = sol[c][i] = 0;
        }
    printf("ready %g\n", planning);
    fflush(stdout);

    for (int ch; (ch = getchar()) != EOF;) {
        if (ch != '\n') continue;
        start = omp_get_wtime();
        real mean[3], norm = 1.0 / points;
        for (int c = 0; c < d; c++) F(execute_dft_r2c)(forward, in[c], spectrum[c]);
        for (int c = 0; c < d; c++) mean[c] = creal(spectrum[c][0]) * norm;
#pragma omp parallel for collapse(2)
        for (int z = 0; z < nz; z++)
            for (int y = 0; y < ny; y++) {
                size_t row = ((size_t)z * ny + y) * half;
                real ky = k[1][y], kz = k[2][z];
                for (int x = 0; x < half; x++) {
                    real kx = k[0][x], k2 = kx * kx + ky * ky + kz * kz, s = k2 > 0 ? norm / k2 : 0;
                    F(complex) dot = kx * spectrum[0][row + x] + ky * spectrum[1][row + x];
                    if (d == 3) dot += kz * spectrum[2][row + x];
                    dot *= s;
                    spectrum[0][row + x] = kx * dot;
                    spectrum[1][row + x] = ky * dot;
                    if (d == 3) spectrum[2][row + x] = kz * dot;
                }
            }
        for (int c = 0; c < d; c++) F(execute_dft_c2r)(inverse, spectrum[c], grad[c]);
        for (int c = 0; c < d; c++) {
            real *v = in[c], *g = grad[c], *s = sol[c], m = mean[c];
#pragma omp parallel for
            for (size_t i = 0; i < points; i++) s[i] = v[i] - g[i] - m;
        }
        printf("%.6f\n", omp_get_wtime() - start);
        fflush(stdout);
    }
    double gg = 0, ss = 0, gs = 0;
    for (int c = 0; c < d; c++)
        for (size_t i = 0; i < points; i++) {
            gg += grad[c][i] * grad[c][i];
            ss += sol[c][i] * sol[c][i];
            gs += grad[c][i] * sol[c][i];
        }
    printf("gradient %.6f solenoidal %.6f cosine %.1e\n", gg / points, ss / points, gs / sqrt(gg * ss));
    return 0;
}
